using System;
using System.Text;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>A pipe: its reader for a program, its writer for us.</summary>
internal sealed unsafe class Pipe : IDisposable
{
    private readonly int _writer;

    public Pipe()
    {
        int* ends = stackalloc int[2];
        _ = Native.Check(Native.pipe2(ends, Native.CloExec), "pipe2");
        Reader = ends[0];
        _writer = ends[1];
    }

    public int Reader { get; }

    public void Write(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            _ = Native.Check((int)Native.write(_writer, start, (nuint)bytes.Length), "write");
        }
    }

    public void Dispose()
    {
        _ = Native.close(Reader);
        _ = Native.close(_writer);
    }
}
