using Anocir.Runtime.Errors;
using Xunit;

namespace Anocir.Runtime.Tests.Errors;

/// <summary>The hint of a wait that was in vain fits what the process does.</summary>
public sealed class InitTextTests
{
    [Theory]
    [InlineData("(process 42, state D, in nfs_wait)", "a hanging file system (NFS, FUSE) looks like this")]
    [InlineData("(no process yet)", "a hanging file system (NFS, FUSE) looks like this")]
    [InlineData("(process 42, state S, in seccomp_do_user_notification)", "the agent at linux.seccomp.listenerPath does not answer for one of its system calls")]
    [InlineData("(process 42, state D, in __refrigerator)", "its cgroup is frozen")]
    [InlineData("(process 42, state S, in do_freezer_trap)", "its cgroup is frozen")]
    [InlineData("(process 42, state T, in do_signal_stop)", "it was stopped by a signal from outside")]
    public void The_hint_is_what_it_waits_for(string process, string hint)
    {
        Assert.Equal($"waited 120 s for container init {process}; hint: {hint}", InitText.Silent(120_000, process).Message);
        Assert.Equal($"the program did not start in time {process}; hint: {hint}", InitText.NotStarted(process).Message);
    }
}
