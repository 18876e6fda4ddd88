using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Anocir.Linux;

/// <summary>
/// A NUL-terminated UTF-8 copy of a string for one system call: in the caller's stack buffer when it fits, otherwise in
/// native memory that <see cref="Dispose"/> frees.
/// </summary>
internal unsafe ref struct CString
{
    /// <summary>Bytes that callers put on the stack; longer strings are rare and go to native memory.</summary>
    public const int StackSize = 256;

    private byte* _owned;

    /// <summary>Encodes <paramref name="text"/> into <paramref name="stack"/>, which must be stack memory.</summary>
    public CString(string text, Span<byte> stack)
    {
        int max = Encoding.UTF8.GetMaxByteCount(text.Length) + 1;
        if (max > stack.Length)
        {
            _owned = (byte*)NativeMemory.Alloc((nuint)max);
            stack = new Span<byte>(_owned, max);
        }

        int length = Encoding.UTF8.GetBytes(text, stack);
        stack[length] = 0;

        // The span is stack or native memory, neither of which the GC moves.
        Pointer = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(stack));
    }

    /// <summary>The first byte; valid until <see cref="Dispose"/> or the end of the caller's frame.</summary>
    public byte* Pointer { get; }

    /// <summary>Frees the native copy, if there is one.</summary>
    public void Dispose()
    {
        NativeMemory.Free(_owned);
        _owned = null;
    }
}
