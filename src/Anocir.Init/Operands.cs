using Anocir.Plan;

namespace Anocir.Init;

/// <summary>Which operands a step kind uses, as bits; everything else has to be zero. The table is the summaries of <see cref="StepKind"/>.</summary>
internal static class Operands
{
    // What S0, S1 and S2 are: three bits each.
    public const uint Text = 1;
    public const uint OptionalText = 2;
    public const uint Blob = 3;
    public const uint Vector = 4;
    public const uint KindMask = 7;
    public const int S1Shift = 3;
    public const int S2Shift = 6;

    public const uint SlotA = 1 << 9;
    public const uint SlotB = 1 << 10;
    public const uint OptionalA = 1 << 11;
    public const uint OptionalB = 1 << 12;
    public const uint X = 1 << 13;
    public const uint Y = 1 << 14;
    public const uint Z = 1 << 15;

    // Else is where the step itself may continue, so it is needed and ErrnoSet is not allowed.
    public const uint Jumps = 1 << 16;

    // Never a legal value: the kind is unknown.
    public const uint Unknown = 1u << 31;

    // The flags a kind allows besides IgnoreErrors.
    public const int FlagShift = 17;

    private const uint S1Text = Text << S1Shift;
    private const uint S1Optional = OptionalText << S1Shift;
    private const uint S1Blob = Blob << S1Shift;
    private const uint S1Vector = Vector << S1Shift;
    private const uint S2Optional = OptionalText << S2Shift;
    private const uint S2Blob = Blob << S2Shift;

    private const uint TargetFlags = (uint)(StepFlags.CreateDirectory | StepFlags.CreateFile | StepFlags.NoSymlinks | StepFlags.NoFollowLast);

    /// <summary>The operands of a kind, or <see cref="Unknown"/>.</summary>
    public static uint Of(StepKind kind) => kind switch
    {
        StepKind.Jump => Jumps,
        StepKind.Exit => X | Y,
        StepKind.Sync => OptionalA | X | Y,
        StepKind.SendFd => SlotA | SlotB | X,
        StepKind.WaitForStart => 0,
        StepKind.ReceiveFd => SlotA | SlotB | X,
        StepKind.ReleasePlan => 0,
        StepKind.ExitOnSignals => X,

        StepKind.SetName => Text,
        StepKind.SetDumpable => X,
        StepKind.SetParentDeathSignal => X,
        StepKind.SetSid => 0,
        StepKind.SetUmask => X,
        StepKind.SetPersonality => X,
        StepKind.SetAffinity => Blob,
        StepKind.SetRlimit => X | Y | Z,
        StepKind.SetNoNewPrivileges => 0,
        StepKind.SetKeepCaps => X,
        StepKind.DropBoundingCaps => X | Y,
        StepKind.SetCaps => X | Y | Z,
        StepKind.SetAmbientCaps => X,
        StepKind.SetIds => Blob | X | Y | Z,
        StepKind.LoadSeccomp => Blob | OptionalA | X,
        StepKind.JoinSessionKeyring => Text | X,
        StepKind.ChownStdio => X,
        StepKind.SetScheduler or StepKind.SetIoPriority or StepKind.SetMemoryPolicy => Blob | X | Y,

        StepKind.Open => Text | SlotA | OptionalB | X | Y,
        StepKind.Close => SlotA,
        StepKind.CloseRange => X | Y | Z,
        StepKind.WriteFile => Text | S1Blob | OptionalB | X | Y,
        StepKind.VerifyFile => SlotA | X | Y | Z,
        StepKind.SetAttribute => Text | S1Blob | SlotA,
        StepKind.Duplicate => SlotA | X,

        StepKind.JoinNamespace => SlotA | X,
        StepKind.Unshare => X,
        StepKind.CloneInit => OptionalA | OptionalB | X | Y | Jumps,
        StepKind.SetHostname => Text,
        StepKind.SetDomainname => Text,
        StepKind.LoopbackUp => 0,

        StepKind.SetPropagation => Text | X,
        StepKind.OpenTree => Text | SlotA | OptionalB | X,
        StepKind.FsOpen => Text | SlotA,
        StepKind.FsConfig => OptionalText | S1Optional | SlotA | X,
        StepKind.FsConfigMode => SlotA | SlotB,
        StepKind.FsMount => SlotA | SlotB | X,
        StepKind.MountSetattr => SlotA | OptionalB | X | Y | Z | ((uint)StepFlags.Recursive << FlagShift),
        StepKind.MoveMount => OptionalText | SlotA | SlotB,
        StepKind.MountOnFd => OptionalText | S1Optional | S2Optional | SlotB | X,
        StepKind.ResolveTarget => Text | SlotA | SlotB | X | Y | (TargetFlags << FlagShift),
        StepKind.CopyTree => SlotA | SlotB,
        StepKind.MakeNode => Text | SlotB | X | Y | Z | ((uint)StepFlags.Fresh << FlagShift),
        StepKind.MakeSymlink => Text | S1Text | SlotB | X,
        StepKind.PivotRoot => SlotA,
        StepKind.MoveRoot => SlotA,
        StepKind.ChangeRoot => SlotA,
        StepKind.ChangeDirectory => Text,

        StepKind.OpenConsole => SlotB | X | Y,
        StepKind.UseConsole => SlotA,

        StepKind.RunHook => Vector | S1Vector | S2Blob | OptionalB | X | Y,
        StepKind.FindProgram => Vector,
        StepKind.Exec => Vector | S1Vector,

        StepKind.StartContainer => SlotA | SlotB | X | Y,
        StepKind.Attend => Blob | SlotA | OptionalB | X | Y,
        StepKind.Remove => Text | OptionalB | X,
        StepKind.ExecController => Vector | S1Vector | SlotA | X | Y,
        _ => Unknown,
    };
}
