namespace System.Runtime.CompilerServices;

/// <summary>Where the C# compiler asks what the runtime can do.</summary>
public static class RuntimeFeature
{
    public const string ByRefFields = nameof(ByRefFields);
    public const string ByRefLikeGenerics = nameof(ByRefLikeGenerics);
    public const string NumericIntPtr = nameof(NumericIntPtr);
    public const string UnmanagedSignatureCallingConvention = nameof(UnmanagedSignatureCallingConvention);
}

public static class RuntimeHelpers
{
    public static unsafe int OffsetToStringData => sizeof(nint) + sizeof(int);

    /// <summary>Constant tables, <c>ReadOnlySpan&lt;int&gt; => [1, 2]</c>: the JIT replaces every call by the address of the data.</summary>
    [Intrinsic]
    public static ReadOnlySpan<T> CreateSpan<T>(RuntimeFieldHandle fldHandle)
    {
        Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
        return default;
    }
}

/// <summary>The casts that the compiler and the spans need and pointers cannot express.</summary>
public static unsafe class Unsafe
{
    public static ref T Add<T>(ref T source, int elementOffset)
    {
        fixed (T* p = &source)
        {
            return ref *(p + elementOffset);
        }
    }

    public static ref TTo As<TFrom, TTo>(ref TFrom source)
    {
        fixed (TFrom* p = &source)
        {
            return ref *(TTo*)p;
        }
    }

    public static ref T AsRef<T>(scoped ref readonly T source)
    {
        fixed (T* p = &source)
        {
            return ref *p;
        }
    }
}
