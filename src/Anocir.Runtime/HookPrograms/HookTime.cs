using System;
using System.Globalization;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.HookPrograms;

/// <summary>How long hooks may take.</summary>
internal static class HookTime
{
    /// <summary>
    /// Seconds for a hook without <c>timeout</c>. runc and crun wait for ever; an hour is longer than any engine does, and a hook that hangs does
    /// not keep a process and a lock for ever after the engine has given up.
    /// </summary>
    public const int Usual = 3600;

    /// <summary>Seconds until the hook is killed.</summary>
    public static int Seconds(Hook hook) => hook.Timeout ?? Usual;

    /// <summary>Milliseconds for something that takes these by itself and runs these hooks, one after the other.</summary>
    public static int Milliseconds(int itself, Hook[] hooks)
    {
        long sum = itself;
        foreach (Hook hook in hooks)
        {
            sum += Seconds(hook) * 1000L;
        }

        return (int)Math.Min(sum, int.MaxValue);
    }

    /// <summary>That a hook was killed for it; runc's words where config.json has the limit.</summary>
    public static string Exceeded(long seconds)
    {
        string number = seconds.ToString(CultureInfo.InvariantCulture);
        return seconds == Usual
            ? $"hook ran past {number} s, the limit of a hook without timeout"
            : $"hook ran past specified timeout of {number}.0s";
    }
}
