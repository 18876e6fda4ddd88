using System;
using Anocir.Linux;

namespace Anocir.Runtime.Tests.Cgroups.Devices;

/// <summary>Executes the eBPF instructions that a device filter uses, on a struct bpf_cgroup_dev_ctx.</summary>
internal static class EbpfInterpreter
{
    public static bool Allows(BpfInstruction[] program, char type, long major, long minor, int access)
    {
        uint[] context = [(uint)((access << 16) | (type == 'b' ? 1 : 2)), (uint)major, (uint)minor];
        ulong[] registers = new ulong[11];
        for (int pc = 0; ; pc++)
        {
            BpfInstruction i = program[pc];
            int destination = i.Registers & 15;
            uint source = (uint)registers[i.Registers >> 4];
            uint value = (uint)registers[destination];
            switch (i.Code)
            {
                case 0x61:
                    registers[destination] = context[i.Off / 4];
                    break;
                case 0xbc:
                    registers[destination] = source;
                    break;
                case 0xb4:
                    registers[destination] = (uint)i.Imm;
                    break;
                case 0x54:
                    registers[destination] = value & (uint)i.Imm;
                    break;
                case 0x74:
                    registers[destination] = value >> i.Imm;
                    break;
                case 0x56:
                    pc += value != (uint)i.Imm ? i.Off : 0;
                    break;
                case 0x16:
                    pc += value == (uint)i.Imm ? i.Off : 0;
                    break;
                case 0x5e:
                    pc += value != source ? i.Off : 0;
                    break;
                case 0x95:
                    return registers[0] switch
                    {
                        0 => false,
                        1 => true,
                        _ => throw new InvalidOperationException("a result other than 0 and 1"),
                    };
                default:
                    throw new InvalidOperationException($"instruction {i.Code:x}");
            }
        }
    }
}
