using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Launch;
using Anocir.Runtime.Lifecycle;
using Xunit;

namespace Anocir.Runtime.Tests.Lifecycle;

/// <summary>What was read under /proc/PID is the container's only if its init has not ended meanwhile.</summary>
public sealed class ExecTargetTests
{
    [Fact]
    public void AnInitThatEndedMeanwhileIsAStoppedContainer()
    {
        int pid = Sys.Spawn(new SpawnOptions { Path = "/bin/sleep", Arguments = ["sleep", "1000"], Environment = [] }).Int;
        using var pidfd = new Fd(Sys.PidfdOpen(pid).Int);
        ExecTarget.RequireLive(pidfd);

        Assert.NotNull(ChildEnd.Kill(pid)); // reaped: the number is anybody's now

        Assert.Equal("cannot exec in a stopped container", Assert.Throws<ContainerException>(() => ExecTarget.RequireLive(pidfd)).Message);
    }
}
