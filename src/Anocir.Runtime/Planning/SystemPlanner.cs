using System;
using Anocir.Plan;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>What belongs to the session and the namespaces as a whole: keyring, names, kernel parameters.</summary>
internal static class SystemPlanner
{
    /// <summary>New session, new keyring, and a umask of 0 so that modes of what the plan makes are exact.</summary>
    public static void AddSession(PlanWriter plan, PlanInputs inputs)
    {
        plan.Origin = "start";
        plan.Add(StepKind.SetSid);
        plan.Add(StepKind.SetUmask);
        if (inputs.NoNewKeyring)
        {
            return;
        }

        const ulong UserMaySearch = 0x080000; // KEY_USR_SEARCH (keyctl(2)): programs that change their uid keep access
        uint name = plan.Str("_ses." + inputs.Id);
        int index = plan.Count;
        ref Step join = ref plan.Add(StepKind.JoinSessionKeyring);
        join.S0 = name;
        join.X = UserMaySearch;
        join.ErrnoSet = ErrnoSets.Of(Linux.Errno.ENOSYS, Linux.Errno.EPERM); // no keyrings, or blocked by an outer container's filter
        plan.ElseHere(index);
    }

    /// <summary>hostname and domainname.</summary>
    public static void AddNames(PlanWriter plan, RuntimeConfig config)
    {
        if (!string.IsNullOrEmpty(config.Hostname))
        {
            plan.Origin = "hostname";
            plan.Add(StepKind.SetHostname).S0 = plan.Str(config.Hostname);
        }

        if (!string.IsNullOrEmpty(config.Domainname))
        {
            plan.Origin = "domainname";
            plan.Add(StepKind.SetDomainname).S0 = plan.Str(config.Domainname);
        }
    }

    /// <summary>linux.sysctl, through a procfs that no mount of the container can redirect (CVE-2025-52881).</summary>
    public static void AddSysctls(PlanWriter plan, LinuxConfig linux)
    {
        if (linux.Sysctl.Length == 0)
        {
            return;
        }

        plan.Origin = "linux.sysctl";
        short context = plan.NewSlot();
        short proc = plan.NewSlot();
        FsSteps.Open(plan, context, "proc");
        int create = FsSteps.Create(plan, context);
        int mount = FsSteps.Mount(plan, context, proc, 0);
        int over = plan.Count;
        plan.Add(StepKind.Jump);

        // In a user namespace under a partly masked /proc a new one is refused; a clone of the top mount has no masks below it.
        plan.At(create).ErrnoSet = plan.At(mount).ErrnoSet = ErrnoSets.Of(Linux.Errno.EPERM);
        plan.ElseHere(create);
        plan.ElseHere(mount);
        uint path = plan.Str("/proc");
        ref Step open = ref plan.Add(StepKind.OpenTree);
        open.SlotA = proc;
        open.S0 = path;
        open.X = OpenTreeFlags.Clone;
        plan.ElseHere(over);

        for (int i = 0; i < linux.Sysctl.Length; i++)
        {
            (string key, string value) = linux.Sysctl[i];
            plan.Origin = "linux.sysctl." + key;
            uint file = plan.Str("sys/" + FileOf(key));
            byte[] bytes = System.Text.Encoding.UTF8.GetBytes(value);
            uint data = plan.Blob(bytes);
            ref Step write = ref plan.Add(StepKind.WriteFile);
            write.SlotB = proc;
            write.S0 = file;
            write.S1 = data;
            write.L = (uint)bytes.Length;
            write.X = (ulong)Linux.O.WRONLY;
            write.Y = Linux.Resolve.BENEATH | Linux.Resolve.NO_XDEV | Linux.Resolve.NO_MAGICLINKS | Linux.Resolve.NO_SYMLINKS;
        }

        plan.Origin = "linux.sysctl";
        plan.Add(StepKind.Close).SlotA = proc;
    }

    /// <summary>The file below /proc/sys: the first separator decides which of '.' and '/' separates (sysctl(8)).</summary>
    internal static string FileOf(string key)
    {
        int first = key.AsSpan().IndexOfAny('.', '/');
        return first < 0 || key[first] == '/'
            ? key
            : string.Create(key.Length, key, static (span, k) =>
            {
                for (int i = 0; i < span.Length; i++)
                {
                    span[i] = k[i] switch { '.' => '/', '/' => '.', char other => other };
                }
            });
    }
}
