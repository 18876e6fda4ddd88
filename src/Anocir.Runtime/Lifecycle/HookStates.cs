using System;
using System.Text;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>State documents for hooks that init runs: init fills in its PID, the one inside: hooks that run in the container see what it sees (config.md "POSIX-platform Hooks").</summary>
internal static class HookStates
{
    private const int PidDigits = 10;

    /// <summary>For createContainer hooks.</summary>
    public static (byte[] Json, int PidOffset) Container(ContainerRecord record, Hook[]? hooks) => Make(record, hooks, ContainerStatus.Creating);

    /// <summary>For startContainer hooks.</summary>
    public static (byte[] Json, int PidOffset) Start(ContainerRecord record, Hook[]? hooks) => Make(record, hooks, ContainerStatus.Created);

    // The marker is the largest PID with ten digits that no kernel gives out (PID_MAX_LIMIT is 2^22).
    private static (byte[] Json, int PidOffset) Make(ContainerRecord record, Hook[]? hooks, ContainerStatus status)
    {
        if (hooks is not { Length: > 0 })
        {
            return ([], 0);
        }

        const int Marker = 2147483647;
        int pid = record.Pid;
        record.Pid = Marker;
        byte[] json = StateDocument.ForHook(record, status).ToArray();
        record.Pid = pid;
        int offset = json.AsSpan().IndexOf(Encoding.ASCII.GetBytes("\"pid\":2147483647")) + "\"pid\":".Length;
        json.AsSpan(offset, PidDigits).Fill((byte)' ');
        return (json, offset);
    }
}
