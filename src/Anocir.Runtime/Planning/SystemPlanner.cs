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

        // What the kernel gives a new one (all to possessors; view, read, link to its user), and search to its user as well, as runc: programs
        // that change their uid keep access (keyctl(2), linux/key.h).
        const ulong Permissions = 0x3f000000 | 0x130000 | 0x080000;
        uint name = plan.Str("_ses." + inputs.Id);
        short labels = LabelPlanner.AddKeyring(plan, inputs.Config.Process);
        plan.Origin = "start";
        int index = plan.Count;
        ref Step join = ref plan.Add(StepKind.JoinSessionKeyring);
        join.S0 = name;
        join.X = Permissions;
        join.ErrnoSet = ErrnoSets.Of(Linux.Errno.ENOSYS, Linux.Errno.EPERM); // no keyrings, or blocked by an outer container's filter
        plan.ElseHere(index);
        LabelPlanner.AddKeyringEnd(plan, labels);
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

    /// <summary>What goes through procfs: linux.sysctl, and the labels that the program gets at its exec.</summary>
    public static void AddProcWrites(PlanWriter plan, PlanInputs inputs, bool confined)
    {
        LinuxConfig linux = inputs.Config.Linux!;
        Process? process = inputs.Config.Process;
        if (linux.Sysctl.Length == 0 && !LabelPlanner.IsNeeded(process))
        {
            return;
        }

        plan.Origin = linux.Sysctl.Length > 0 ? "linux.sysctl" : process!.ApparmorProfile is null ? "process.selinuxLabel" : "process.apparmorProfile";
        short proc = TrustedProc.Open(plan);
        for (int i = 0; i < linux.Sysctl.Length; i++)
        {
            (string key, string value) = linux.Sysctl[i];
            plan.Origin = "linux.sysctl." + key;
            if (confined && FileOf(key) == "kernel/domainname")
            {
                // The file belongs to root of the host, the name to the UTS namespace.
                plan.Add(StepKind.SetDomainname).S0 = plan.Str(value);
                continue;
            }

            int write = TrustedProc.Write(plan, proc, "sys/" + FileOf(key), value);
            plan.At(write).Y |= Linux.Resolve.NO_SYMLINKS;
        }

        if (process is not null)
        {
            LabelPlanner.AddExec(plan, proc, process, inputs.StackApparmorProfile);
        }

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
