using System.Collections.Generic;
using Anocir.Linux;

namespace Anocir.Runtime.Cgroups.Devices;

/// <summary>
/// Makes the eBPF program (BPF_PROG_TYPE_CGROUP_DEVICE) that decides as a <see cref="DeviceRuleSet"/> does: 1 allows, 0 denies.
/// Its context is struct bpf_cgroup_dev_ctx: access_type (type in the low, accesses in the high half), major, minor.
/// </summary>
public static class DeviceFilterProgram
{
    // Opcodes of linux/bpf_common.h and linux/bpf.h, class | size or operation | source.
    private const byte LoadWord = 0x61;
    private const byte MoveRegister32 = 0xbc;
    private const byte MoveImmediate32 = 0xb4;
    private const byte AndImmediate32 = 0x54;
    private const byte ShiftRightImmediate32 = 0x74;
    private const byte JumpNotEqualImmediate32 = 0x56;
    private const byte JumpNotEqualRegister32 = 0x5e;
    private const byte JumpEqualImmediate32 = 0x16;
    private const byte Exit = 0x95;

    private const int Result = 0;
    private const int Context = 1; // after the loads a scratch register
    private const int Type = 2;
    private const int Access = 3;
    private const int Major = 4;
    private const int Minor = 5;

    /// <summary>The program; at most 9 instructions for each exception.</summary>
    public static BpfInstruction[] Generate(DeviceRuleSet set)
    {
        var program = new List<BpfInstruction>(8 + (9 * set.Exceptions.Count))
        {
            Instruction(LoadWord, Type, Context, 0, 0),
            Instruction(MoveRegister32, Access, Type, 0, 0),
            Instruction(AndImmediate32, Type, 0, 0, 0xffff),
            Instruction(ShiftRightImmediate32, Access, 0, 0, 16),
            Instruction(LoadWord, Major, Context, 4, 0),
            Instruction(LoadWord, Minor, Context, 8, 0),
        };
        foreach (DeviceEntry exception in set.Exceptions)
        {
            AddException(program, exception, set.DefaultAllow);
        }

        AddReturn(program, set.DefaultAllow);
        return [.. program];
    }

    private static void AddException(List<BpfInstruction> program, in DeviceEntry exception, bool defaultAllow)
    {
        const int Block = 1;
        const int Char = 2;
        int start = program.Count;
        program.Add(Instruction(JumpNotEqualImmediate32, Type, 0, 0, exception.Type == 'b' ? Block : Char));
        if (exception.Major != DeviceEntry.Any)
        {
            program.Add(Instruction(JumpNotEqualImmediate32, Major, 0, 0, (int)exception.Major));
        }

        if (exception.Minor != DeviceEntry.Any)
        {
            program.Add(Instruction(JumpNotEqualImmediate32, Minor, 0, 0, (int)exception.Minor));
        }

        if (exception.Access != DeviceAccess.All)
        {
            program.Add(Instruction(MoveRegister32, Context, Access, 0, 0));
            program.Add(Instruction(AndImmediate32, Context, 0, 0, (int)exception.Access));

            // An open for reading and writing asks for both at once. An allowing exception must cover all that is asked; a denying one
            // applies when it covers any of it, as in cgroup v1.
            program.Add(defaultAllow
                ? Instruction(JumpEqualImmediate32, Context, 0, 0, 0)
                : Instruction(JumpNotEqualRegister32, Context, Access, 0, 0));
        }

        AddReturn(program, !defaultAllow);
        for (int i = start; i < program.Count; i++)
        {
            BpfInstruction jump = program[i];
            if (jump.Code is JumpNotEqualImmediate32 or JumpNotEqualRegister32 or JumpEqualImmediate32)
            {
                program[i] = jump with { Off = (short)(program.Count - i - 1) };
            }
        }
    }

    private static void AddReturn(List<BpfInstruction> program, bool allow)
    {
        program.Add(Instruction(MoveImmediate32, Result, 0, 0, allow ? 1 : 0));
        program.Add(Instruction(Exit, 0, 0, 0, 0));
    }

    private static BpfInstruction Instruction(byte code, int destination, int source, short offset, int immediate) => new()
    {
        Code = code,
        Registers = (byte)(destination | (source << 4)),
        Off = offset,
        Imm = immediate,
    };
}
