using System.Collections.Generic;
using Anocir.Runtime.SecurityModules;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>
/// Decides whether a container can be made of a config.json: an ordered list of small checks, each tied to a clause of the
/// runtime specification or a rule of runc, whose words are kept where callers know them. Nothing is changed on the host.
/// </summary>
public static class ConfigValidator
{
    /// <summary>Checks a process that is added to a container with this configuration.</summary>
    /// <exception cref="Errors.ContainerException"><c>invalid config: process…: RULE</c>.</exception>
    public static void CheckProcess(Process process, LinuxConfig linux, List<string> warnings)
    {
        ProcessChecks.Check(process, warnings);
        UserChecks.Check(process.User, linux);
        SchedulingChecks.Check(process);
        LabelChecks.Check(process);
    }

    /// <summary>
    /// Runs all checks; the first violation is thrown, what is merely doubtful goes to <paramref name="warnings"/> as complete lines.
    /// </summary>
    /// <exception cref="Errors.ContainerException"><c>invalid config: PATH: RULE</c>.</exception>
    public static void Check(RuntimeConfig config, ValidationOptions options, List<string> warnings)
    {
        GeneralChecks.Check(config);
        LinuxConfig linux = config.Linux ?? new LinuxConfig();
        NamespaceChecks.Check(config, linux, warnings);
        TimeChecks.Check(linux);
        IdMappingChecks.Check(linux);
        if (config.Process is { } process)
        {
            CheckProcess(process, linux, warnings);
        }

        if (linux.MemoryPolicy is { } policy)
        {
            SchedulingChecks.Check(policy);
        }

        AnnotationChecks.Check(config);
        LabelChecks.CheckMounts(linux.MountLabel, linux.MountLabel is not null && SeLinux.IsEnabled);
        NetDeviceChecks.Check(linux, options);
        IntelRdtChecks.Check(linux);

        MountChecks.Check(config, linux, options, warnings);
        PathChecks.Check(linux, options, warnings);
        DeviceChecks.Check(linux);
        if (linux.Resources?.Memory?.Kernel is not (null or 0))
        {
            warnings.Add("linux.resources.memory.kernel: limits of kernel memory are no longer supported, ignoring"); // runc has a warning, too
        }

        SysctlChecks.Check(linux);
        if (linux.Seccomp is { } seccomp)
        {
            SeccompChecks.Check(seccomp);
        }

        if (config.Hooks is { } hooks)
        {
            HookChecks.Check(hooks);
        }

        if (options.Rootless)
        {
            RootlessChecks.Check(config, linux);
        }
    }
}
