using System;
using System.Text;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>The entries of mounts[] that bind a file or directory of the host (mount(8), "Bind mounts").</summary>
internal sealed class BindPlanner(
    PlanWriter plan, PlanInputs inputs, SourcePlanner sources, ContainerTargets targets, NamespacePlanner namespaces)
{
    /// <summary>One of them.</summary>
    /// <param name="mount">The entry.</param>
    /// <param name="options">Its options.</param>
    /// <param name="index">Its place in mounts[].</param>
    public void Add(Mount mount, in MountOptions options, int index)
    {
        string source = AbsoluteSource(inputs.Bundle, mount);
        if (options.CopySymlink && SymlinkTarget(source) is { } target)
        {
            AddSymlink(mount.Destination, target);
            return;
        }

        int userNamespace = inputs.MountUserNamespaceFds.Length > index ? inputs.MountUserNamespaceFds[index] : -1;
        sources.Open(
            source,
            (options.RecursiveBind ? OpenTreeFlags.Recursive : 0) | (options.SourceNoFollow ? OpenTreeFlags.SymlinkNoFollow : 0),
            targets.Tree,
            userNamespace, // mappings without the option idmap count, too
            options.RecursiveIdMap);
        AddAttributes(targets.Tree, in options);
        targets.Resolve(mount.Destination, SourceKind(source, options.SourceNoFollow) | options.Follow);
        targets.Attach(targets.Tree);
        targets.SetPropagation(targets.Tree, in options);
    }

    private void AddSymlink(string destination, string target)
    {
        uint name = plan.Str(destination);
        uint content = plan.Str(target);
        ref Step link = ref plan.Add(StepKind.MakeSymlink);
        link.SlotB = Slots.Root;
        link.S0 = name;
        link.S1 = content;
    }

    // runc and crun remount a bind with exactly the flags of its options, if there is any such option: what its source was mounted with besides
    // (ro, nosuid, nodev, noexec) does not stay; its access times do, unless the options name some. In a user namespace that is locked.
    private void AddAttributes(short tree, in MountOptions options)
    {
        uint clear = options.Clear;
        if (!namespaces.Confined && (options.Set | options.Clear | options.SuperblockFlags) != 0)
        {
            const uint Times = MountAttr.ATIME_MASK | MountAttr.NODIRATIME;
            clear |= MountAttr.RDONLY | MountAttr.NOSUID | MountAttr.NODEV | MountAttr.NOEXEC | MountAttr.NOSYMFOLLOW;
            clear |= ((options.Set | options.Clear) & Times) != 0 ? Times : 0;
        }

        if ((options.Set | clear) != 0)
        {
            targets.SetAttributes(tree, options.Set, clear & ~(options.Set & ~MountAttr.ATIME_MASK), recursive: false);
        }

        if ((options.RecursiveSet | options.RecursiveClear) != 0)
        {
            targets.SetAttributes(tree, options.RecursiveSet, options.RecursiveClear, recursive: true);
        }
    }

    /// <summary>The source on the host; a relative one counts from the bundle.</summary>
    public static string AbsoluteSource(string bundle, Mount mount) =>
        mount.Source is { } source && source.StartsWith('/') ? source : bundle + "/" + mount.Source;

    /// <summary>
    /// What to make where nothing is yet to mount on. The source is the host's, so its type can be looked at now; if it is missing the open of the
    /// source says so.
    /// </summary>
    public static StepFlags SourceKind(string source, bool noFollow) =>
        Sys.Statx(At.FDCWD, source, noFollow ? At.SYMLINK_NOFOLLOW : 0, out Statx stat).IsError || stat.IsType(FileType.Directory)
            ? StepFlags.CreateDirectory
            : StepFlags.CreateFile;

    /// <summary>What a symlink of the host says; null for what is none.</summary>
    public static string? SymlinkTarget(string source)
    {
        const int MaxPath = 4096;
        Span<byte> text = stackalloc byte[MaxPath];
        SysResult read = Sys.ReadLinkAt(At.FDCWD, source, text);
        return read.IsError ? null : Encoding.UTF8.GetString(text[..read.Int]);
    }
}
