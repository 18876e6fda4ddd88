using System;
using System.Globalization;
using System.Linq;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>What tests of single steps share: they run the real program as root, and look at it while it waits.</summary>
public abstract class StepTest
{
    protected const ulong NewNs = 0x20000;
    protected const ulong NewUts = 0x4000000;
    protected const ulong NewIpc = 0x8000000;
    protected const ulong NewUser = 0x10000000;
    protected const ulong NewPid = 0x20000000;
    protected const ulong NewNet = 0x40000000;

    protected StepTest()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root: the steps of init are privileged system calls");
    }

    /// <summary>A plan in a mount namespace of its own, from which nothing reaches the host.</summary>
    private protected static TestPlan Isolated(ulong more = 0)
    {
        const ulong RecursivePrivate = 0x4000 | 0x40000;
        return new TestPlan().Add(StepKind.Unshare, x: NewNs | more).Add(StepKind.SetPropagation, "/", x: RecursivePrivate);
    }

    /// <summary>Runs the plan until all its steps are done, and keeps the process there.</summary>
    private protected static InitProcess Wait(TestPlan plan, params (int From, int To)[] stdio)
    {
        plan.Add(StepKind.Sync, x: (ulong)SyncKind.Ready, y: (ulong)SyncKind.Committed);
        InitProcess init = InitProcess.Start(plan, true, stdio);
        try
        {
            init.Expect(SyncKind.Ready);
            return init;
        }
        catch
        {
            init.Dispose();
            throw;
        }
    }

    /// <summary>Runs a plan whose last step fails; checks step, error number and exit code. Returns the report and its text.</summary>
    private protected static (SyncMessage Message, string Text) Fails(TestPlan plan, int errno, long? detail = null, int? step = null)
    {
        int index = step ?? plan.Count - 1;
        using InitProcess init = InitProcess.Start(plan);
        SyncMessage? message = init.Receive(out string text);
        Assert.NotNull(message);
        Assert.Equal(SyncKind.Failed, (SyncKind)message.Value.Kind);
        Assert.Equal((uint)index, message.Value.Step);
        Assert.Equal(errno, message.Value.Errno);
        Assert.Equal(text.Length, (int)message.Value.TextLength);
        if (detail is { } expected)
        {
            Assert.Equal(expected, message.Value.Value);
        }

        Assert.Equal(1, init.WaitExit());
        return (message.Value, text);
    }

    /// <summary>The lines of a mountinfo file that are mounted on this path: optional fields, type and options.</summary>
    private protected static string[] MountsOn(InitProcess init, string path) =>
        [.. init.Proc("mountinfo").Split('\n').Where(l => l.Split(' ') is { Length: > 5 } f && f[4] == path)];

    protected static ulong Hex(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
