using System;

namespace Anocir.Runtime.Errors;

/// <summary>What is said when init or its helper ends, or says nothing, instead of doing its work. The same words wherever it is noticed.</summary>
internal static class InitText
{
    /// <summary>Why a process ends, or is ended, without having told what failed.</summary>
    public const string EndedHint = "; hint: it was killed (memory limit, or a signal from outside), or linux.seccomp denies what it needs "
        + "(read, write, close, execve, exit_group)";

    /// <summary>It ended before the program of the container ran; <paramref name="how"/>: its wait status in words, empty when unknown.</summary>
    public static ContainerException Died(string how = "") =>
        new("container init died before the program started" + (how.Length == 0 ? "" : " (" + how + ")") + EndedHint);

    /// <summary>The kernel ended it for want of memory. runc's words.</summary>
    public static ContainerException OutOfMemory() =>
        new("container init was OOM-killed (memory limit too low?); hint: raise linux.resources.memory.limit, or that of a cgroup above");

    /// <summary>Nothing came from it for <paramref name="milliseconds"/>; <paramref name="process"/>: what it does, from /proc.</summary>
    public static ContainerException Silent(int milliseconds, string process) =>
        new($"waited {milliseconds / 1000} s for container init {process}{SilenceHint(process)}");

    /// <summary>It was told to execute the program, and nothing came of it; <paramref name="process"/>: what it does, from /proc.</summary>
    public static ContainerException NotStarted(string process) =>
        new($"the program did not start in time {process}{SilenceHint(process)}");

    private static string SilenceHint(string process)
    {
        // The kernel's functions in which a process waits for an agent or is frozen (v1, v2).
        bool Has(string word) => process.Contains(word, StringComparison.Ordinal);
        return "; hint: " + (Has("seccomp") ? "the agent at linux.seccomp.listenerPath does not answer for one of its system calls"
            : Has("refrigerator") || Has("freezer") ? "its cgroup is frozen"
            : Has("state T") ? "it was stopped by a signal from outside"
            : "a hanging file system (NFS, FUSE) looks like this");
    }
}
