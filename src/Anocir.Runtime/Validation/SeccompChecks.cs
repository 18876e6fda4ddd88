using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>config-linux.md "Seccomp": every name is a known one. What this machine can load is decided when the filter is built.</summary>
internal static class SeccompChecks
{
    private const uint MaxArguments = 6;

    // MAX_ERRNO of linux/err.h; the kernel cuts larger values down to it.
    private const uint MaxErrno = 4095;

    public static void Check(Seccomp seccomp)
    {
        CheckAction("linux.seccomp.defaultAction", seccomp.DefaultAction);
        CheckErrno("linux.seccomp.defaultErrnoRet", seccomp.DefaultAction, seccomp.DefaultErrnoRet);
        for (int i = 0; i < seccomp.Architectures.Length; i++)
        {
            if (!WordList.Contains(SeccompNames.Architectures, seccomp.Architectures[i]))
            {
                throw Reject.Value(
                    $"linux.seccomp.architectures[{i}]", "not a valid arch for seccomp", seccomp.Architectures[i]);
            }
        }

        string[] flags = seccomp.Flags ?? [];
        for (int i = 0; i < flags.Length; i++)
        {
            if (!WordList.Contains(SeccompNames.Flags, flags[i]))
            {
                throw Reject.Value($"linux.seccomp.flags[{i}]", "not a valid flag for seccomp", flags[i]);
            }
        }

        bool notifies = false;
        for (int i = 0; i < seccomp.Syscalls.Length; i++)
        {
            CheckRule(i, seccomp.Syscalls[i]);
            notifies |= seccomp.Syscalls[i].Action == SeccompNames.Notify;
        }

        CheckListener(seccomp, notifies);
    }

    // Without a rule that uses it the path is ignored, as the specification says.
    private static void CheckListener(Seccomp seccomp, bool notifies)
    {
        if (seccomp.DefaultAction == SeccompNames.Notify)
        {
            throw Reject.Rule("linux.seccomp.defaultAction", "SCMP_ACT_NOTIFY cannot be used as default action");
        }

        if (seccomp is { ListenerMetadata: not null, ListenerPath: null })
        {
            throw Reject.Rule("linux.seccomp.listenerMetadata", "must not be set without listenerPath");
        }

        if (notifies && seccomp.ListenerPath is null)
        {
            throw Reject.Rule("linux.seccomp.listenerPath", "must be set when a rule has the action SCMP_ACT_NOTIFY");
        }
    }

    private static void CheckRule(int index, SeccompSyscall rule)
    {
        if (!WordList.Contains(SeccompNames.Actions, rule.Action))
        {
            CheckAction($"linux.seccomp.syscalls[{index}].action", rule.Action);
        }

        if (rule.Names.Length == 0)
        {
            throw Reject.Rule($"linux.seccomp.syscalls[{index}].names", "must contain at least one name");
        }

        for (int i = 0; i < rule.Names.Length; i++)
        {
            if (rule.Names[i].Length == 0)
            {
                throw Reject.Rule($"linux.seccomp.syscalls[{index}].names[{i}]", "empty string is not a valid syscall");
            }

            // init tells the number of the listener by write(2) while nobody listens yet.
            if (rule.Action == SeccompNames.Notify && rule.Names[i] == "write")
            {
                throw Reject.Rule(
                    $"linux.seccomp.syscalls[{index}].names[{i}]", "SCMP_ACT_NOTIFY cannot be used for the write syscall");
            }
        }

        if (rule.ErrnoRet is > MaxErrno)
        {
            CheckErrno($"linux.seccomp.syscalls[{index}].errnoRet", rule.Action, rule.ErrnoRet);
        }

        for (int i = 0; i < rule.Args.Length; i++)
        {
            if (rule.Args[i].Index >= MaxArguments)
            {
                throw Reject.Number(
                    $"linux.seccomp.syscalls[{index}].args[{i}].index", "must be from 0 to 5", rule.Args[i].Index);
            }

            if (!WordList.Contains(SeccompNames.Operators, rule.Args[i].Op))
            {
                throw Reject.Value(
                    $"linux.seccomp.syscalls[{index}].args[{i}].op", "not a valid operator for seccomp", rule.Args[i].Op);
            }
        }
    }

    private static void CheckAction(string path, string action)
    {
        if (!WordList.Contains(SeccompNames.Actions, action))
        {
            throw Reject.Value(path, "not a valid action for seccomp", action);
        }
    }

    // SCMP_ACT_TRACE hands the tracer any 16 bits.
    private static void CheckErrno(string path, string action, uint? value)
    {
        uint max = action == "SCMP_ACT_TRACE" ? ushort.MaxValue : MaxErrno;
        if (value > max)
        {
            throw Reject.Number(path, $"must not be above {max}", value.Value);
        }
    }
}
