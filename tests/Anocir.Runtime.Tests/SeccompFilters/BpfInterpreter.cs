using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Anocir.Linux;

namespace Anocir.Runtime.Tests.SeccompFilters;

/// <summary>Executes classic BPF as the kernel's seccomp does: on struct seccomp_data, with the instructions it permits.</summary>
internal static class BpfInterpreter
{
    private const int DataSize = 64;

    public static uint Run(byte[] program, uint architecture, uint number, params ulong[] arguments)
    {
        Span<byte> data = stackalloc byte[DataSize];
        data.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data[4..], architecture);
        for (int i = 0; i < arguments.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data[(16 + (8 * i))..], arguments[i]);
        }

        return Run(MemoryMarshal.Cast<byte, SockFilter>(program), data);
    }

    private static uint Run(ReadOnlySpan<SockFilter> code, ReadOnlySpan<byte> data)
    {
        uint a = 0;
        uint x = 0;
        Span<uint> memory = stackalloc uint[16];
        for (int pc = 0; ; pc++)
        {
            SockFilter i = code[pc];
            switch (i.Code)
            {
                case 0x20:
                    a = BinaryPrimitives.ReadUInt32LittleEndian(data[(int)i.K..]);
                    break;
                case 0x00:
                    a = i.K;
                    break;
                case 0x60:
                    a = memory[(int)i.K];
                    break;
                case 0x02:
                    memory[(int)i.K] = a;
                    break;
                case 0x07:
                    x = a;
                    break;
                case 0x87:
                    a = x;
                    break;
                case 0x54:
                    a &= i.K;
                    break;
                case 0x05:
                    pc += (int)i.K;
                    break;
                case 0x15:
                    pc += a == i.K ? i.Jt : i.Jf;
                    break;
                case 0x25:
                    pc += a > i.K ? i.Jt : i.Jf;
                    break;
                case 0x35:
                    pc += a >= i.K ? i.Jt : i.Jf;
                    break;
                case 0x45:
                    pc += (a & i.K) != 0 ? i.Jt : i.Jf;
                    break;
                case 0x06:
                    return i.K;
                default:
                    throw new InvalidOperationException($"instruction {i.Code:x} at {pc}");
            }
        }
    }
}
