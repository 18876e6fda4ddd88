using System;
using System.IO;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Logging;

namespace Anocir.Cli.CommandLine;

/// <summary>Turns the global options into <see cref="RuntimeOptions"/>.</summary>
internal static class GlobalOptions
{
    private const string DefaultRoot = "/run/anocir";

    /// <summary>The logger that --log, --log-format, --log-level and --debug ask for.</summary>
    public static Logger OpenLog(Arguments global)
    {
        bool json = global.Path(OptionId.LogFormat) switch
        {
            null or "text" => false,
            "json" => true,
            { } other => throw new ContainerException("invalid log-format: " + other),
        };
        LogLevel level = Level(global.Path(OptionId.LogLevel));
        if (global.Has(OptionId.Debug))
        {
            level = LogLevel.Debug;
        }

        if (global.Path(OptionId.Log) is not { } path)
        {
            return new Logger(level, json);
        }

        SysResult result = Logger.OpenFile(path, out Fd? file);
        return result.IsError ? throw ContainerException.System("open", path, result.Errno) : new Logger(level, json, file);
    }

    /// <summary>The rest of the options.</summary>
    public static RuntimeOptions Read(Arguments global, string[] arguments, Logger log)
    {
        bool isExplicit = global.Text(OptionId.Root) is not null;
        string root = DefaultRoot;
        bool inRuntimeDir = false;
        if (isExplicit)
        {
            root = Absolute(global.Text(OptionId.Root)!);
        }
        else if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtimeDir && UserNamespace.HonoursRuntimeDir())
        {
            root = Absolute(runtimeDir + "/anocir");
            inRuntimeDir = true;
        }

        return new RuntimeOptions
        {
            Root = root,
            RootIsExplicit = isExplicit,
            RootIsInRuntimeDir = inRuntimeDir,
            CgroupManager = Manager(global),
            Rootless = Rootless(global.Path(OptionId.Rootless)),
            SeccompCache = Environment.GetEnvironmentVariable("ANOCIR_SECCOMP_CACHE") is not "off",
            ProgramName = ProgramName.Current,
            GlobalArguments = arguments[..Math.Max(global.End - 1, 0)],
            Log = log,
        };
    }

    private static string Absolute(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new ContainerException("option --root: must not contain a NUL byte");
        }

        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path.Length == 0 ? "." : path));

        // As runc: "", "." and "../.." may lead there too.
        return full == "/" ? throw new ContainerException("option --root: must not be '/'") : full;
    }

    private static LogLevel Level(string? name) => name switch
    {
        null or "warning" or "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "info" => LogLevel.Info,
        "debug" or "trace" => LogLevel.Debug,
        _ => throw new ContainerException("invalid log-level: " + name),
    };

    private static CgroupManager Manager(Arguments global) => global.Path(OptionId.CgroupManager) switch
    {
        null => global.Has(OptionId.SystemdCgroup) ? CgroupManager.Systemd : CgroupManager.Cgroupfs,
        "cgroupfs" => CgroupManager.Cgroupfs,
        "systemd" => CgroupManager.Systemd,
        "disabled" => CgroupManager.Disabled,
        { } other => throw new ContainerException("invalid cgroup-manager: " + other),
    };

    private static bool? Rootless(string? value) => value switch
    {
        null or "" => null,
        _ when value.Equals("auto", StringComparison.OrdinalIgnoreCase) => null,
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw new ContainerException($"invalid rootless: {value}: must be true, false or auto"),
    };
}
