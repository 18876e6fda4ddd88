using System.Globalization;
using Anocir.Linux;
using Anocir.Runtime.HookPrograms;
using Anocir.Runtime.Launch;
using Xunit;

namespace Anocir.Runtime.Tests.HookPrograms;

/// <summary>No wait for a hook or a child is longer than its limit, also when SIGKILL ends nothing (state D).</summary>
public sealed class HookExitTests
{
    [Fact]
    public void AHookThatSigkillDoesNotEndIsNotWaitedFor()
    {
        int pid = Sleep();
        int killed = 0;

        HookExit exit = HookExit.Wait(pid, 0, hook =>
        {
            killed = hook;
            return ChildEnd.Wait(hook, 20); // nothing was sent
        });

        Assert.Equal((true, null, pid), (exit.TimedOut, exit.Failure, killed));
        Assert.Matches($@"^\(process {pid.ToString(CultureInfo.InvariantCulture)}, state [SRD]", exit.Process);
        Assert.True(exit.IsLeft);
        Assert.NotNull(ChildEnd.Kill(pid));
    }

    [Fact]
    public void AHookThatSigkillEndsLeavesNothing()
    {
        int pid = Sleep();
        HookExit exit = HookExit.Wait(pid, 0);
        Assert.Equal((true, null, false), (exit.TimedOut, exit.Failure, exit.IsLeft));
        Assert.StartsWith("(process ", exit.Process, System.StringComparison.Ordinal);
        Assert.True(Sys.WaitStatus(pid).Is(Errno.ECHILD)); // reaped
    }

    [Theory]
    [InlineData("/bin/true", null)]
    [InlineData("/bin/false", "exit status 1")]
    public void OneThatEndsInTimeIsReapedWithItsStatus(string program, string? failure)
    {
        int pid = Sys.Spawn(new SpawnOptions { Path = program, Arguments = [program], Environment = [] }).Int;
        HookExit exit = HookExit.Wait(pid, 60);
        Assert.Equal((false, failure, null), (exit.TimedOut, exit.Failure, exit.Process));
        Assert.True(Sys.WaitStatus(pid).Is(Errno.ECHILD));
    }

    [Fact]
    public void AStrangersProcessIsNotWaitedFor() => Assert.Null(ChildEnd.Wait(1));

    private static int Sleep() =>
        Sys.Spawn(new SpawnOptions { Path = "/bin/sleep", Arguments = ["sleep", "1000"], Environment = [] }).Int;
}
