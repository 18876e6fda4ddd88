using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Anocir.Plan;

namespace Anocir.Init.Tests;

/// <summary>
/// Builds plans for tests, written from the documentation of the format and not from the runtime's writer. String operands are
/// <see cref="string"/>, blobs <see cref="byte"/> arrays, vectors arrays of strings.
/// </summary>
internal sealed class TestPlan
{
    /// <summary>One step before it is placed.</summary>
    public sealed record Row(
        StepKind Kind, object? S0, object? S1, object? S2, short A, short B, ulong X, ulong Y, ulong Z, StepFlags Flags, int Else, uint Errnos);

    public List<Row> Rows { get; } = [];

    /// <summary>The slot table; a slot without fd is -1.</summary>
    public List<int> SlotTable { get; } = [-1, -1, -1, -1, -1, -1, -1, -1];

    public int Count => Rows.Count;

    /// <summary>fds below this number stay open when a step is done with them.</summary>
    public uint KeptDescriptors { get; set; }

    /// <summary>Adds a slot and returns its index.</summary>
    public short Slot(int fd = -1)
    {
        SlotTable.Add(fd);
        return (short)(SlotTable.Count - 1);
    }

    public TestPlan Add(
        StepKind kind, object? s0 = null, object? s1 = null, object? s2 = null, short a = -1, short b = -1, ulong x = 0, ulong y = 0,
        ulong z = 0, StepFlags flags = 0, int @else = 0, params int[] errnos)
    {
        uint set = 0;
        foreach (int errno in errnos)
        {
            set = (set << 8) | (uint)errno;
        }

        Rows.Add(new Row(kind, s0, s1, s2, a, b, x, y, z, flags, @else, set));
        return this;
    }

    /// <summary>The image init reads.</summary>
    public byte[] Build()
    {
        const int HeaderSize = 40;
        const int StepSize = 56;
        int steps = (HeaderSize + (SlotTable.Count * 4) + 7) & ~7;
        var data = new Data(steps + (StepSize * Rows.Count));
        var image = new MemoryStream();
        var writer = new BinaryWriter(image);
        writer.Write(new byte[steps]);
        foreach (Row row in Rows)
        {
            writer.Write((ushort)row.Kind);
            writer.Write((ushort)row.Flags);
            writer.Write(row.Errnos);
            writer.Write(row.Else);
            writer.Write(row.A);
            writer.Write(row.B);
            writer.Write(data.Place(row.S0));
            writer.Write(data.Place(row.S1));
            writer.Write(data.Place(row.S2));
            writer.Write(Data.BlobLength(row));
            writer.Write(row.X);
            writer.Write(row.Y);
            writer.Write(row.Z);
        }

        writer.Write(data.Finish());
        image.Position = 0;
        writer.Write(0x434F4E41u);
        writer.Write((ushort)1);
        writer.Write((ushort)HeaderSize);
        writer.Write((uint)image.Length);
        writer.Write((uint)HeaderSize);
        writer.Write(SlotTable.Count);
        writer.Write(steps);
        writer.Write(Rows.Count);
        writer.Write(data.Start);
        writer.Write((uint)image.Length - data.Start);
        writer.Write(KeptDescriptors);
        foreach (int fd in SlotTable)
        {
            writer.Write(fd);
        }

        return image.ToArray();
    }

    private sealed class Data(int start)
    {
        private readonly List<byte> _bytes = [];

        public uint Start => (uint)start;

        public uint Place(object? operand)
        {
            switch (operand)
            {
                case string text:
                    return Append([.. Encoding.UTF8.GetBytes(text), 0]);
                case byte[] blob:
                    return blob.Length == 0 ? 0 : Append(blob);
                case string[] vector:
                    var entries = new List<byte>();
                    foreach (string entry in vector)
                    {
                        entries.AddRange(BitConverter.GetBytes((ulong)Place(entry)));
                    }

                    while (_bytes.Count % 8 != 0)
                    {
                        _bytes.Add(0);
                    }

                    return Append([.. entries, 0, 0, 0, 0, 0, 0, 0, 0]);
                default:
                    return 0;
            }
        }

        public static uint BlobLength(Row row) => (uint)((row.S0 as byte[] ?? row.S1 as byte[] ?? row.S2 as byte[])?.Length ?? 0);

        public byte[] Finish()
        {
            _bytes.Add(0);
            return [.. _bytes];
        }

        private uint Append(byte[] bytes)
        {
            uint offset = (uint)(start + _bytes.Count);
            _bytes.AddRange(bytes);
            return offset;
        }
    }
}
