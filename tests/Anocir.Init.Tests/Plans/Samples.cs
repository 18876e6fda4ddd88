using System;
using System.Collections.Generic;
using System.Linq;
using Anocir.Plan;

namespace Anocir.Init.Tests;

/// <summary>One valid step of every kind, with every operand it may have. Written from the documentation of <see cref="StepKind"/>.</summary>
internal static class Samples
{
    /// <summary>The kinds of the vocabulary.</summary>
    public static IEnumerable<StepKind> Kinds => Enum.GetValues<StepKind>().Where(k => k != StepKind.None);

    /// <summary>The longest texts ExecController may have to write.</summary>
    private static readonly string Room = new(' ', 4200);

    /// <summary>A plan of one SetDumpable 0 (joins need it) and the sample; eight fixed slots and two more.</summary>
    public static TestPlan Plan(StepKind kind, Func<TestPlan.Row, TestPlan.Row>? change = null)
    {
        var plan = new TestPlan();
        plan.Slot();
        plan.Slot();
        plan.Add(StepKind.SetDumpable);
        Add(plan, kind);
        plan.Rows[1] = change == null ? plan.Rows[1] : change(plan.Rows[1]);
        plan.Add(StepKind.Exit);
        return plan;
    }

    /// <summary>Adds the sample; jumps lead to the step after the next.</summary>
    public static TestPlan Add(TestPlan plan, StepKind kind)
    {
        const short A = 8;
        const short B = 9;
        int ahead = plan.Count + 1;
        byte[] blob = new byte[40];
        string[] vector = ["/bin/a", "b"];
        return kind switch
        {
            StepKind.Jump => plan.Add(kind, @else: ahead),
            StepKind.Exit => plan.Add(kind, x: 3, y: 1),
            StepKind.Sync => plan.Add(kind, a: A, x: 7, y: 8),
            StepKind.SendFd or StepKind.ReceiveFd => plan.Add(kind, a: A, b: B, x: 6),
            StepKind.WaitForStart or StepKind.SetSid or StepKind.SetNoNewPrivileges or StepKind.ReleasePlan
                or StepKind.LoopbackUp => plan.Add(kind),
            StepKind.SetName or StepKind.SetHostname or StepKind.SetDomainname => plan.Add(kind, "text"),
            StepKind.SetDumpable => plan.Add(kind, x: 1),
            StepKind.SetParentDeathSignal or StepKind.ExitOnSignals or StepKind.SetUmask or StepKind.SetPersonality or StepKind.SetKeepCaps or StepKind.Unshare
                or StepKind.SetAmbientCaps or StepKind.ChownStdio => plan.Add(kind, x: 1),
            StepKind.SetAffinity => plan.Add(kind, blob),
            StepKind.SetScheduler or StepKind.SetIoPriority or StepKind.SetMemoryPolicy => plan.Add(kind, blob, x: 1, y: 2),
            StepKind.SetAttribute => plan.Add(kind, "name", blob, a: A),
            StepKind.SetRlimit or StepKind.SetCaps or StepKind.CloseRange => plan.Add(kind, x: 1, y: 2, z: 3),
            StepKind.DropBoundingCaps => plan.Add(kind, x: 1, y: 40),
            StepKind.SetIds => plan.Add(kind, blob, x: 1, y: 2, z: 3),
            StepKind.LoadSeccomp => plan.Add(kind, blob, a: A, x: 8),
            StepKind.JoinSessionKeyring or StepKind.SetPropagation => plan.Add(kind, "text", x: 1),
            StepKind.Open => plan.Add(kind, "path", a: A, b: B, x: 1, y: 2),
            StepKind.Close or StepKind.PivotRoot or StepKind.MoveRoot or StepKind.ChangeRoot or StepKind.UseConsole => plan.Add(kind, a: A),
            StepKind.WriteFile => plan.Add(kind, "path", blob, b: B, x: 1, y: 2),
            StepKind.Duplicate => plan.Add(kind, a: A, x: 1),
            StepKind.VerifyFile => plan.Add(kind, a: A, x: 1, y: 2, z: 3),
            StepKind.JoinNamespace => plan.Add(kind, a: A, x: 1),
            StepKind.CloneInit => plan.Add(kind, a: A, b: B, x: 0x20000000, y: 1, @else: ahead),
            StepKind.OpenTree => plan.Add(kind, "path", a: A, b: B, x: 1),
            StepKind.FsOpen => plan.Add(kind, "tmpfs", a: A),
            StepKind.FsConfig => plan.Add(kind, "key", "value", a: A, x: 1),
            StepKind.FsConfigMode or StepKind.CopyTree => plan.Add(kind, a: A, b: B),
            StepKind.MoveMount => plan.Add(kind, "name", a: A, b: B),
            StepKind.FsMount => plan.Add(kind, a: A, b: B, x: 1),
            StepKind.MountSetattr => plan.Add(kind, a: A, b: B, x: 1, y: 2, z: 3, flags: StepFlags.Recursive),
            StepKind.MountOnFd => plan.Add(kind, "source", "type", "data", b: B, x: 1),
            StepKind.ResolveTarget => plan.Add(kind, "path", a: A, b: B, x: 1, y: 2, flags: StepFlags.CreateFile | StepFlags.NoSymlinks),
            StepKind.MakeNode => plan.Add(kind, "path", b: B, x: 1, y: 2, z: 3, flags: StepFlags.Fresh),
            StepKind.MakeSymlink => plan.Add(kind, "path", "target", b: B, x: 1),
            StepKind.ChangeDirectory => plan.Add(kind, "path"),
            StepKind.OpenConsole => plan.Add(kind, b: B, x: 1, y: 2),
            StepKind.RunHook => plan.Add(kind, vector, vector, blob, b: B, x: 1, y: 30),
            StepKind.FindProgram => plan.Add(kind, vector),
            StepKind.Exec => plan.Add(kind, vector, vector),
            StepKind.StartContainer => plan.Add(kind, a: A, b: B, x: 9, y: 2),
            StepKind.Attend => plan.Add(kind, new byte[36], a: A, b: B, x: 8, y: 9),
            StepKind.Remove => plan.Add(kind, "path", b: B, x: 1),
            StepKind.ExecController => plan.Add(kind, new[] { "a", Room, Room }, vector, a: A, x: 1, y: 2),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no sample"),
        };
    }
}
