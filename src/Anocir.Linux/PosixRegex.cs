using System;
using System.Runtime.InteropServices;

namespace Anocir.Linux;

/// <summary>An extended regular expression of the C library (regex(3)): it is linked anyway, .NET's engine would add megabytes.</summary>
public sealed unsafe class PosixRegex : IDisposable
{
    // regex_t is 64 bytes in glibc on x86-64 and arm64; twice that costs nothing.
    private const int Size = 128;
    private const int Extended = 1;
    private const int NoSubexpressions = 8;

    private readonly void* _compiled;

    private PosixRegex(void* compiled) => _compiled = compiled;

    [DllImport("libc", EntryPoint = "regcomp")]
    private static extern int regcomp(void* compiled, byte* pattern, int flags);

    [DllImport("libc", EntryPoint = "regexec")]
    private static extern int regexec(void* compiled, byte* text, nint matches, void* match, int flags);

    [DllImport("libc", EntryPoint = "regfree")]
    private static extern void regfree(void* compiled);

    /// <summary>The compiled pattern, or null when it is not a valid one.</summary>
    public static PosixRegex? TryCompile(string pattern)
    {
        void* memory = NativeMemory.AllocZeroed(Size);
        using var c = new CString(pattern, stackalloc byte[CString.StackSize]);
        if (regcomp(memory, c.Pointer, Extended | NoSubexpressions) == 0)
        {
            return new PosixRegex(memory);
        }

        NativeMemory.Free(memory);
        return null;
    }

    /// <summary>Whether the pattern matches anywhere in <paramref name="text"/>.</summary>
    public bool IsMatch(string text)
    {
        using var c = new CString(text, stackalloc byte[CString.StackSize]);
        return regexec(_compiled, c.Pointer, 0, null, 0) == 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        regfree(_compiled);
        NativeMemory.Free(_compiled);
    }
}
