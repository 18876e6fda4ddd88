using System;
using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;
using Anocir.Runtime.Validation;

namespace Anocir.Runtime.Lifecycle;

/// <summary>A bundle that was read and found good: config.json is read here, once, and never again.</summary>
internal sealed class ContainerBundle
{
    private ContainerBundle(string path, byte[] text, RuntimeConfig config, string rootfs)
    {
        Path = path;
        Text = text;
        Config = config;
        Rootfs = rootfs;
    }

    /// <summary>Absolute path of the bundle, without links, "." and "..": what runc and crun show, which change into it.</summary>
    public string Path { get; }

    /// <summary>The bytes of config.json.</summary>
    public byte[] Text { get; }

    /// <summary>The validated model; Linux is never null.</summary>
    public RuntimeConfig Config { get; }

    /// <summary>Absolute path of the root file system.</summary>
    public string Rootfs { get; }

    /// <summary>Reads and checks a bundle; warnings go to the log.</summary>
    public static ContainerBundle Load(RuntimeOptions options, CreateOptions create)
    {
        var warnings = new List<string>();
        ContainerBundle bundle = Load(options, create, warnings);
        foreach (string warning in warnings)
        {
            options.Log.Warn(warning);
        }

        return bundle;
    }

    /// <summary>Reads and checks a bundle; warnings are added to a list.</summary>
    public static ContainerBundle Load(RuntimeOptions options, CreateOptions create, List<string> warnings)
    {
        string bundle = RealPath(create.Bundle);
        string file = create.ConfigFile is { } other ? System.IO.Path.GetFullPath(other) : bundle + "/config.json";
        byte[] text = ConfigReader.ReadFile(file);
        RuntimeConfig config = ConfigReader.Parse(text);
        if (config.Linux?.Seccomp is { } seccomp)
        {
            seccomp.ListenerPath ??= AnnotationNames.Find(config, AnnotationNames.SeccompReceiver);
        }

        string root = config.Root?.Path ?? "rootfs";
        if (!root.Contains('\0', StringComparison.Ordinal)) // else refused by the checks
        {
            string full = System.IO.Path.GetFullPath(System.IO.Path.Combine(bundle, root));
            MountDestinations.Clean(config.Mounts, System.IO.Path.TrimEndingDirectorySeparator(full));
        }

        ConfigValidator.Check(
            config,
            new ValidationOptions
            {
                Bundle = bundle,
                Rootless = Sys.GetEuid() != 0, // --rootless is about cgroups only, as with runc
                NoPivot = create.NoPivot,
            },
            warnings);
        MountDestinations.MakeAbsolute(config.Mounts);
        config.Linux ??= new LinuxConfig();
        return new ContainerBundle(bundle, text, config, FindRoot(bundle, root));
    }

    // The kernel's name for it. One that cannot be opened is named as it was given, in the message about its config.json.
    private static string RealPath(string path)
    {
        SysResult opened = Sys.Open(path, O.PATH | O.DIRECTORY | O.CLOEXEC);
        if (opened.IsError)
        {
            return System.IO.Path.GetFullPath(path);
        }

        using var directory = new Fd(opened.Int);
        string name = DescriptorPath.Read(directory.Number);
        return name.StartsWith('/') ? name : System.IO.Path.GetFullPath(path);
    }

    private static string FindRoot(string bundle, string path)
    {
        string root = System.IO.Path.GetFullPath(System.IO.Path.Combine(bundle, path));
        SysResult found = Sys.Statx(At.FDCWD, root, 0, out Statx stat);
        if (found.IsError)
        {
            throw new ContainerException(
                $"invalid config: root.path: cannot use '{root}': {ErrnoText.Describe(found.Errno)}; hint: is the image's root mounted or unpacked there?");
        }

        return stat.IsType(FileType.Directory)
            ? root
            : throw new ContainerException($"invalid config: root.path: '{root}' is not a directory");
    }
}
