using System.Runtime.CompilerServices;

namespace System;

/// <summary>The part of the BCL's span that UTF-8 literals, stackalloc and fixed need. Indexing is checked; a miss stops the process.</summary>
public readonly ref struct ReadOnlySpan<T>
{
    private readonly ref T _reference;
    private readonly int _length;

    public unsafe ReadOnlySpan(void* pointer, int length)
    {
        _reference = ref *(T*)pointer;
        _length = length;
    }

    /// <summary>As the next one, for constant tables.</summary>
    public ReadOnlySpan(T[] array)
        : this(array, 0, 0)
    {
    }

    /// <summary>The compiler binds UTF-8 literals to this one and then emits the pointer one over static data; nobody calls it.</summary>
    public ReadOnlySpan(T[] array, int start, int length)
    {
        Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
        this = default;
    }

    internal ReadOnlySpan(ref T reference, int length)
    {
        _reference = ref reference;
        _length = length;
    }

    public int Length => _length;

    public bool IsEmpty => _length == 0;

    public ref readonly T this[int index]
    {
        get
        {
            if ((uint)index >= (uint)_length)
            {
                Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
            }

            return ref Unsafe.Add(ref _reference, index);
        }
    }

    public ref readonly T GetPinnableReference() => ref _reference;
}

/// <summary>The writable twin of <see cref="ReadOnlySpan{T}"/>.</summary>
public readonly ref struct Span<T>
{
    private readonly ref T _reference;
    private readonly int _length;

    public unsafe Span(void* pointer, int length)
    {
        _reference = ref *(T*)pointer;
        _length = length;
    }

    internal Span(ref T reference, int length)
    {
        _reference = ref reference;
        _length = length;
    }

    public int Length => _length;

    public bool IsEmpty => _length == 0;

    public ref T this[int index]
    {
        get
        {
            if ((uint)index >= (uint)_length)
            {
                Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
            }

            return ref Unsafe.Add(ref _reference, index);
        }
    }

    public static implicit operator ReadOnlySpan<T>(Span<T> span) => new(ref span._reference, span._length);

    public ref T GetPinnableReference() => ref _reference;
}

/// <summary>What the JIT's block copy and clear helpers call: ILC looks these three up by name and signature.</summary>
internal static unsafe class SpanHelpers
{
    public static void Memmove(ref byte destination, ref byte source, nuint length)
    {
        fixed (byte* d = &destination, s = &source)
        {
            if (d <= s || d >= s + length)
            {
                for (nuint i = 0; i < length; i++)
                {
                    d[i] = s[i];
                }
            }
            else
            {
                for (nuint i = length; i > 0; i--)
                {
                    d[i - 1] = s[i - 1];
                }
            }
        }
    }

    public static void ClearWithoutReferences(ref byte destination, nuint length) => Fill(ref destination, 0, length);

    public static void Fill(ref byte destination, byte value, nuint length)
    {
        fixed (byte* d = &destination)
        {
            for (nuint i = 0; i < length; i++)
            {
                d[i] = value;
            }
        }
    }
}
