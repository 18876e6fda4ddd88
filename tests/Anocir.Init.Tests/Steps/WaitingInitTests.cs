using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>What is charged to a container that waits for its start, and what can be seen of it.</summary>
public class WaitingInitTests : StepTest
{
    [Fact]
    public void AWaitingInitIsSmallAndAnonymous()
    {
        (int startRead, int startWrite) = Os.Pipe();
        var plan = new TestPlan();
        plan.SlotTable[Slots.StartFifo] = startRead;
        plan.Add(StepKind.SetName, "anocir:init").Add(StepKind.SetDumpable)
            .Add(StepKind.Unshare, x: NewNs | NewUts | NewIpc | NewNet).Add(StepKind.LoopbackUp).Add(StepKind.SetHostname, "inside");

        // As many steps, strings and environment as a real container has, and the steps with the deepest stacks.
        for (int i = 0; i < 200; i++)
        {
            plan.Add(StepKind.Open, $"/proc/self/status{i}", a: Slots.Root, flags: StepFlags.IgnoreErrors);
        }

        short root = plan.Slot();
        short target = plan.Slot();
        plan.Add(StepKind.Open, "/", a: root, x: O.PATH)
            .Add(StepKind.ResolveTarget, "tmp/no/such", a: target, b: root, flags: StepFlags.CreateFile | StepFlags.NoSymlinks | StepFlags.IgnoreErrors)
            .Add(StepKind.JoinSessionKeyring, "_ses.x")
            .Add(StepKind.ChangeDirectory, "/")
            .Add(StepKind.FindProgram, new[] { "/bin/true" })
            .Add(StepKind.Sync, x: (ulong)SyncKind.Ready, y: (ulong)SyncKind.Committed)
            .Add(StepKind.Close, a: Slots.Sync)
            .Add(StepKind.ReleasePlan)
            .Add(StepKind.WaitForStart)
            .Add(StepKind.Exec, new[] { "true" }, Enumerable.Range(0, 40).Select(i => $"VARIABLE_{i}=some value of usual length").ToArray());
        using InitProcess init = InitProcess.Start(plan);
        init.Expect(SyncKind.Ready);
        init.Send(SyncKind.Committed);
        Assert.Null(init.Receive(out _)); // it closed its end, and what follows does not sleep before the FIFO
        Os.Until(() => Os.Sleeps(init.Pid), "init does not wait");
        int rss = RssKiB(init);
        TestContext.Current.TestOutputHelper?.WriteLine($"RSS {rss} KiB\n{init.Proc("smaps")}");
        Assert.InRange(rss, 1, 63);
        Assert.Equal("anocir:init\n", init.Proc("comm"));
        Assert.Equal(0ul, Hex(init.Status("SigIgn")) | Hex(init.Status("SigBlk")));
        Assert.Equal("1", init.Status("Threads"));
        Directory.Delete("/tmp/no", recursive: true);
        new[] { startRead, startWrite }.ToList().ForEach(Os.Close);
    }

    private static int RssKiB(InitProcess init) => int.Parse(
        init.Proc("smaps_rollup").Split('\n').First(l => l.StartsWith("Rss:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
