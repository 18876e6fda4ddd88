using System;
using System.Text;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>A pipe: its reader for a program, its writer for us, or the other way round.</summary>
internal sealed unsafe class Pipe : IDisposable
{

    public Pipe()
    {
        int* ends = stackalloc int[2];
        _ = Native.Check(Native.pipe2(ends, Native.CloExec), "pipe2");
        Reader = ends[0];
        Writer = ends[1];
    }

    public int Reader { get; }

    public int Writer { get; private set; }

    public void Write(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            _ = Native.Check((int)Native.write(Writer, start, (nuint)bytes.Length), "write");
        }
    }

    /// <summary>Closes our end, so that the reader comes to its end.</summary>
    public void CloseWriter()
    {
        _ = Native.close(Writer);
        Writer = -1;
    }

    public void Dispose()
    {
        _ = Native.close(Reader);
        if (Writer >= 0)
        {
            CloseWriter();
        }
    }
}
