using System;
using System.Globalization;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Resctrl;

/// <summary>
/// The resctrl group of a container (config-linux.md, "IntelRdt"): the directory of a class of service below the mount point, and in it
/// perhaps a monitoring group of the container's own.
/// </summary>
internal sealed class ResctrlGroup(string root, IntelRdt config, ResctrlRecord record)
{
    private const uint DirectoryMode = 0x1ed; // 0755
    private const string HowToMount = "; hint: mount -t resctrl resctrl /sys/fs/resctrl, where the CPU has it";

    /// <summary>What the record of a container needs to know, before anything is made.</summary>
    public static ResctrlRecord Describe(string root, IntelRdt config, string id)
    {
        string group = config.ClosId is "/" ? root : root + "/" + (config.ClosId ?? id);

        // Only a directory of this container's own is taken away again; one that is there already belongs to somebody else.
        bool own = config.ClosId is null && Sys.AccessAt(At.FDCWD, group, 0).Is(Errno.ENOENT);
        return new ResctrlRecord { Group = group, Remove = own, Monitor = config.EnableMonitoring ? group + "/mon_groups/" + id : null };
    }

    /// <summary>Makes the groups, writes the limits, and moves a process in; its later children follow.</summary>
    public void Create(int pid)
    {
        bool isNew = MakeGroup();
        WriteSchemata(isNew);
        AddTask(record.Group, pid);
        if (record.Monitor is { } monitor)
        {
            _ = Make(monitor);
            AddTask(monitor, pid);
        }
    }

    /// <summary>Replaces schemata of the group by those of the configuration given, for the command update; the texts are runc's.</summary>
    /// <param name="commit">Writes them down; when it fails, or the kernel refuses a line, the old schemata come back.</param>
    /// <exception cref="ContainerException">The kernel has no such control, or refuses the value.</exception>
    public void Update(Action commit)
    {
        if (config.L3CacheSchema is not null && !ResctrlRoot.Has(root, "L3"))
        {
            throw new ContainerException("Intel RDT/CAT: l3 cache schema is not enabled" + HowToMount);
        }

        if (config.MemBwSchema is not null && !ResctrlRoot.Has(root, "MB"))
        {
            throw new ContainerException("Intel RDT/MBA: memory bandwidth schema is not enabled" + HowToMount);
        }

        string old = Read();
        try
        {
            Write(Text());
            commit();
        }
        catch (ContainerException)
        {
            _ = WriteFile(Schemata, old);
            throw;
        }
    }

    /// <summary>Removes what was made for this container; what is gone already is fine. The first failure, or null.</summary>
    public static ContainerException? Remove(ResctrlRecord record)
    {
        ContainerException? failure = null;
        foreach (string directory in Removable(record))
        {
            SysResult removed = Sys.UnlinkAt(At.FDCWD, directory, At.REMOVEDIR);
            if (removed.IsError && !removed.Is(Errno.ENOENT))
            {
                failure ??= ContainerException.System("remove the resctrl group", directory, removed.Errno);
            }
        }

        return failure;
    }

    /// <summary>The directories to remove, children first.</summary>
    public static string[] Removable(ResctrlRecord? record) => record is null
        ? []
        : Array.FindAll([record.Monitor ?? "", record.Remove ? record.Group : ""], static path => path.Length > 0);

    /// <summary>Moves a process into a group.</summary>
    public static void AddTask(string group, int pid)
    {
        SysResult written = WriteFile(group + "/tasks", pid.ToString(CultureInfo.InvariantCulture));
        if (written.IsError)
        {
            throw new ContainerException($"cannot write '{group}/tasks' (linux.intelRdt): {ErrnoHints.Cause(written.Errno)}");
        }
    }

    private bool MakeGroup()
    {
        bool hasSchemata = config.L3CacheSchema is not null || config.MemBwSchema is not null || config.Schemata.Length > 0;
        if (config.ClosId is null || hasSchemata)
        {
            return Make(record.Group);
        }

        SysResult found = Sys.AccessAt(At.FDCWD, record.Group, 0);
        return found.IsError
            ? throw new ContainerException($"invalid config: linux.intelRdt.closID: clos dir not accessible (must be pre-created when schemata, "
                + $"l3CacheSchema and memBwSchema are empty): cannot open '{record.Group}': {ErrnoText.Describe(found.Errno)}")
            : false;
    }

    private bool Make(string directory)
    {
        SysResult made = Sys.MkdirAt(At.FDCWD, directory, DirectoryMode);
        if (!made.IsError || made.Is(Errno.EEXIST))
        {
            return !made.IsError;
        }

        throw new ContainerException($"cannot create the resctrl group '{directory}' (linux.intelRdt): {ErrnoText.Describe(made.Errno)}"
            + Said() + (made.Is(Errno.ENOSPC) ? "; hint: the CPU has no class of service or monitor left, remove unused groups" : ""));
    }

    private void WriteSchemata(bool isNew)
    {
        string text = Text();
        if (text.Length == 0)
        {
            return;
        }

        if (!isNew && config.ClosId is not null)
        {
            Compare("l3CacheSchema", config.L3CacheSchema);
            Compare("memBwSchema", config.MemBwSchema);
        }

        Write(text);
    }

    private string Text()
    {
        string text = "";
        foreach (string? line in (ReadOnlySpan<string?>)[config.L3CacheSchema, config.MemBwSchema, .. config.Schemata])
        {
            text += string.IsNullOrEmpty(line) ? "" : line + "\n";
        }

        return text;
    }

    private void Write(string text)
    {
        SysResult written = WriteFile(Schemata, text);
        if (written.IsError)
        {
            throw new ContainerException($"cannot write {Printable.Quote(text.TrimEnd())} to '{Schemata}' (linux.intelRdt): "
                + ErrnoText.Describe(written.Errno) + Said() + "; hint: the resources and ids must be those of this machine, see "
                + $"'{root}/schemata'");
        }
    }

    // A class of service that others use is not changed in passing: the specification's rule for a given closID.
    private void Compare(string property, string? wanted)
    {
        if (wanted is null)
        {
            return;
        }

        string there = Read();
        if (!Schema.Agrees(wanted, there))
        {
            throw ContainerException.Config("linux.intelRdt." + property,
                $"does not match the existing class of service '{record.Group}', got {Printable.Quote(wanted)}, there is {Printable.Quote(there.Trim())}");
        }
    }

    private string Schemata => record.Group + "/schemata";

    private string Read()
    {
        byte[] buffer = new byte[8192];
        SysResult read = SmallFile.Read(At.FDCWD, Schemata, buffer);
        return read.IsError ? throw ContainerException.System("read", Schemata, read.Errno) : Encoding.UTF8.GetString(buffer, 0, read.Int);
    }

    private string Said() => ResctrlRoot.LastStatus(root) is { Length: > 0 } text ? ": " + Printable.Shorten(text) : "";

    private static SysResult WriteFile(string path, string text)
    {
        SysResult opened = Sys.Open(path, O.WRONLY | O.CLOEXEC);
        if (opened.IsError)
        {
            return opened;
        }

        using var file = new Fd(opened.Int);
        return Sys.Write(file.Number, Encoding.UTF8.GetBytes(text));
    }
}
