using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>A NULL-terminated array of C strings, for exec.</summary>
internal sealed unsafe class CStrings : IDisposable
{
    private readonly int _count;

    public CStrings(IReadOnlyList<string> strings)
    {
        _count = strings.Count;
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
        for (int i = 0; i < _count; i++)
        {
            Pointer[i] = (byte*)Marshal.StringToCoTaskMemUTF8(strings[i]);
        }
    }

    public byte** Pointer { get; }

    public byte* First => Pointer[0];

    public void Dispose()
    {
        for (int i = 0; i < _count; i++)
        {
            Marshal.FreeCoTaskMem((nint)Pointer[i]);
        }

        NativeMemory.Free(Pointer);
    }
}
