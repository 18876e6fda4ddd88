using System.Collections.Generic;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Resctrl;
using Anocir.Runtime.SecurityModules;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// What <c>features</c> lists because this build does it, and this kernel does not: kept apart, for a features document is about the runtime
/// and an engine may keep it.
/// </summary>
public static class KernelFeatures
{
    /// <summary>Places in the features document, such as <c>linux.namespaces.time</c>, in the order of the document.</summary>
    public static List<string> Lacking()
    {
        List<string> lacking = [];
        foreach ((string name, string file) in (System.ReadOnlySpan<(string, string)>)[
            ("cgroup", "cgroup"), ("ipc", "ipc"), ("mount", "mnt"), ("network", "net"), ("pid", "pid"), ("time", "time"), ("user", "user"), ("uts", "uts")])
        {
            Add(lacking, Exists("/proc/self/ns/" + file), "linux.namespaces." + name);
        }

        for (int i = KernelLimits.LastCapability() + 1; i < CapabilityNames.Count; i++)
        {
            lacking.Add("linux.capabilities." + CapabilityNames.Name(i));
        }

        string fileSystems = Text("/proc/filesystems");
        Add(lacking, fileSystems.Contains("\tcgroup\n", System.StringComparison.Ordinal), "linux.cgroup.v1");
        Add(lacking, fileSystems.Contains("\tcgroup2\n", System.StringComparison.Ordinal), "linux.cgroup.v2");
        Add(lacking, Text("/proc/cgroups").Contains("\nrdma\t", System.StringComparison.Ordinal), "linux.cgroup.rdma");
        AddSeccomp(lacking);
        Add(lacking, AppArmor.IsEnabled, "linux.apparmor");
        Add(lacking, SeLinux.IsEnabled, "linux.selinux");
        Add(lacking, ResctrlRoot.Find() is not null, "linux.intelRdt");
        AddMemoryPolicy(lacking);
        return lacking;
    }

    /// <summary>The names of linux.seccomp.flags that this kernel takes (features-linux.md, "supportedFlags").</summary>
    public static string[] SeccompFlags()
    {
        List<string> supported = [];
        System.ReadOnlySpan<char> rest = SeccompNames.Flags;
        while (!rest.IsEmpty)
        {
            string name = WordList.Next(ref rest).ToString();
            if (Sys.SeccompFlagExists(SeccompFilters.SeccompFlags.Probe(name)))
            {
                supported.Add(name);
            }
        }

        return [.. supported];
    }

    private static void AddMemoryPolicy(List<string> lacking)
    {
        const int FirstNewMode = 5; // MPOL_PREFERRED_MANY, Linux 5.15; those before are as old as the call
        if (!Exists("/proc/self/numa_maps"))
        {
            lacking.Add("linux.memoryPolicy");
            return;
        }

        string[] modes = MemoryPolicyNames.Modes.Split(' ');
        for (int mode = FirstNewMode; mode < modes.Length; mode++)
        {
            Add(lacking, Sys.MemoryPolicyExists(mode), "linux.memoryPolicy.modes." + modes[mode]);
        }
    }

    private static void AddSeccomp(List<string> lacking)
    {
        // The kernel's names of the actions (seccomp(2)).
        string actions = " " + Text("/proc/sys/kernel/seccomp/actions_avail").TrimEnd() + " ";
        if (actions.Length < 3)
        {
            lacking.Add("linux.seccomp");
            return;
        }

        foreach ((string name, string kernel) in (System.ReadOnlySpan<(string, string)>)[
            ("SCMP_ACT_KILL_PROCESS", "kill_process"), ("SCMP_ACT_LOG", "log"), (SeccompNames.Notify, "user_notif")])
        {
            Add(lacking, actions.Contains(" " + kernel + " ", System.StringComparison.Ordinal), "linux.seccomp.actions." + name);
        }
    }

    private static void Add(List<string> lacking, bool there, string place)
    {
        if (!there)
        {
            lacking.Add(place);
        }
    }

    private static bool Exists(string path) => !Sys.AccessAt(At.FDCWD, path, 0).IsError;

    private static string Text(string path)
    {
        byte[] buffer = new byte[4096];
        SysResult read = SmallFile.Read(At.FDCWD, path, buffer);
        return read.IsError ? "" : Encoding.ASCII.GetString(buffer, 0, read.Int);
    }
}
