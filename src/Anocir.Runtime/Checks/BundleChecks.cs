using System;
using System.Collections.Generic;
using System.IO;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Planning;
using Anocir.Runtime.SeccompFilters;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Checks;

/// <summary>Whether the container of a bundle can be made here.</summary>
internal static class BundleChecks
{
    private const string Start = "invalid config: ";

    /// <summary>Reads the bundle, which is a finding when it fails, and looks at what it asks for.</summary>
    public static void Check(CheckReport report, HostFiles host, CgroupChecks cgroups, RuntimeOptions options, CreateOptions create)
    {
        ContainerBundle bundle;
        var warnings = new List<string>();
        try
        {
            bundle = ContainerBundle.Load(options, create, warnings);
        }
        catch (ContainerException e)
        {
            (string property, string message, string fix) = Split(e.Message, create.ConfigFile ?? "config.json");
            report.Fail(property, message, fix);
            return;
        }

        foreach (string warning in warnings)
        {
            report.Warn("config.json", warning, "correct config.json");
        }

        ProgramChecks.Check(report, bundle);
        CheckSecurityModules(report, host, bundle.Config);
        CheckSeccomp(report, bundle.Config.Linux!.Seccomp);
        CheckNamespaces(report, host, bundle.Config.Linux!);
        CheckResources(report, cgroups, bundle.Config.Linux!.Resources);
        CheckMounts(report, bundle);
        report.Ok(bundle.Path, "was read and checked");
    }

    /// <summary><c>invalid config: PATH: RULE; hint: FIX</c> in its parts.</summary>
    internal static (string Property, string Message, string Fix) Split(string text, string file)
    {
        int hint = text.IndexOf("; hint: ", StringComparison.Ordinal);
        string fix = hint < 0 ? "correct config.json" : text[(hint + 8)..];
        string message = hint < 0 ? text : text[..hint];
        if (message.StartsWith(Start, StringComparison.Ordinal))
        {
            int colon = message.IndexOf(": ", Start.Length, StringComparison.Ordinal);
            return colon < 0 ? (file, message[Start.Length..], fix) : (message[Start.Length..colon], message[(colon + 2)..], fix);
        }

        return (file, message, hint < 0 ? "--bundle DIRECTORY" : fix);
    }

    private static void CheckSecurityModules(CheckReport report, HostFiles host, RuntimeConfig config)
    {
        if (config.Process?.ApparmorProfile is { Length: > 0 } profile && profile != "unconfined")
        {
            string? loaded = host.Text("/sys/kernel/security/apparmor/profiles");
            if (host.Text("/sys/module/apparmor/parameters/enabled") != "Y")
            {
                report.Fail("process.apparmorProfile", "this kernel has no AppArmor, or it is off", "leave the profile out, or boot with apparmor=1 security=apparmor");
            }
            else if (loaded is not null && !("\n" + loaded).Contains("\n" + profile + " (", StringComparison.Ordinal))
            {
                report.Fail("process.apparmorProfile", $"the profile '{profile}' is not loaded", "apparmor_parser --replace FILE-OF-THE-PROFILE");
            }
        }

        if (config.Process?.SelinuxLabel is { Length: > 0 } && !host.Exists("/sys/fs/selinux/enforce"))
        {
            report.Fail("process.selinuxLabel", "this kernel has no SELinux, or it is off", "leave the label out, or boot with selinux=1 security=selinux");
        }
    }

    private static void CheckSeccomp(CheckReport report, Seccomp? seccomp)
    {
        for (int i = 0; i < (seccomp?.Syscalls.Length ?? 0); i++)
        {
            foreach (string name in seccomp!.Syscalls[i].Names)
            {
                if (!SeccompCompiler.IsKnown(name))
                {
                    report.Warn(
                        $"linux.seccomp.syscalls[{i}].names",
                        $"{Printable.Quote(name)} is no system call that libseccomp {LibSeccomp.VersionText()} knows: the rule is left out",
                        "correct the name");
                }
            }
        }
    }

    private static void CheckNamespaces(CheckReport report, HostFiles host, LinuxConfig linux)
    {
        if (linux.FindNamespace(NamespaceType.Time) is not null && !host.Exists("/proc/self/ns/time"))
        {
            report.Fail("linux.namespaces", "the kernel has no time namespaces", "leave it out, or a kernel with CONFIG_TIME_NS");
        }

        if (linux.FindNamespace(NamespaceType.User) is not null && !host.Exists("/proc/self/ns/user"))
        {
            report.Fail("linux.namespaces", "the kernel has no user namespaces", "leave it out, or a kernel with CONFIG_USER_NS");
        }
    }

    // All of it but the cpuset.
    private static bool IsTimeAsked(CpuResources? cpu) =>
        cpu is { Shares: not null } or { Quota: not null } or { Period: not null } or { Burst: not null } or { Idle: not null }
            or { RealtimeRuntime: not null } or { RealtimePeriod: not null };

    private static void CheckResources(CheckReport report, CgroupChecks cgroups, Resources? resources)
    {
        if (resources is null)
        {
            return;
        }

        (bool IsAsked, string Property, string Controller)[] all =
        [
            (resources.Memory is not null, "memory", "memory"), (IsTimeAsked(resources.Cpu), "cpu", "cpu"),
            (resources.Cpu is { Cpus: not null } or { Mems: not null }, "cpu.cpus", "cpuset"), (resources.Pids is not null, "pids", "pids"),
            (resources.BlockIO is not null, "blockIO", "io"), (resources.HugepageLimits.Length > 0, "hugepageLimits", "hugetlb"),
            (resources.Rdma.Length > 0, "rdma", "rdma"),
        ];
        foreach ((bool isAsked, string property, string controller) in all)
        {
            if (isAsked)
            {
                cgroups.Require(report, "linux.resources." + property, controller);
            }
        }
    }

    private static void CheckMounts(CheckReport report, ContainerBundle bundle)
    {
        for (int i = 0; i < bundle.Config.Mounts.Length; i++)
        {
            Mount mount = bundle.Config.Mounts[i];
            MountOptions options = MountOptions.Parse(mount.Options);
            if ((options.Bind || mount.Type == "bind") && mount.Source is { Length: > 0 } named)
            {
                string source = Path.GetFullPath(Path.Combine(bundle.Path, named));
                SysResult found = Sys.Statx(At.FDCWD, source, 0, out _);
                if (found.IsError)
                {
                    report.Fail($"mounts[{i}].source", $"cannot use '{source}': {ErrnoText.Describe(found.Errno)}", $"mkdir -p {ShellWord.Quote(source)}, or correct the source");
                }
                else if (options.IdMap || mount.UidMappings.Length > 0)
                {
                    CheckIdMap(report, bundle.Config, i, source);
                }
            }
        }
    }

    // On a detached copy of the mount: nothing of the host changes.
    private static void CheckIdMap(CheckReport report, RuntimeConfig config, int index, string source)
    {
        string property = $"mounts[{index}].uidMappings";
        try
        {
            using var namespaces = new MountUserNamespaces(config, -1);
            SysResult opened = Sys.OpenTreeClone(source);
            if (opened.IsError)
            {
                report.Warn(property, $"cannot try it: {ErrnoText.Describe(opened.Errno)}", "run the check as root");
                return;
            }

            using var tree = new Fd(opened.Int);
            SysResult mapped = Sys.SetMountIdMap(tree.Number, namespaces.Numbers[index]);
            if (mapped.IsError)
            {
                report.Fail(
                    property,
                    $"'{source}' cannot be id-mapped: {ErrnoText.Describe(mapped.Errno)}",
                    "use a source on ext4, xfs, btrfs or another file system that supports it, and no source that is id-mapped already");
            }
        }
        catch (ContainerException e)
        {
            (_, string message, string fix) = Split(e.Message, "config.json");
            report.Fail(property, message, fix);
        }
    }
}
