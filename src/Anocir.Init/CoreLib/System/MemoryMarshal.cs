namespace System.Runtime.InteropServices;

/// <summary>What the compiler calls to index inline arrays.</summary>
public static class MemoryMarshal
{
    public static Span<T> CreateSpan<T>(scoped ref T reference, int length) => new(ref CompilerServices.Unsafe.AsRef(in reference), length);

    public static ReadOnlySpan<T> CreateReadOnlySpan<T>(scoped ref readonly T reference, int length) =>
        new(ref CompilerServices.Unsafe.AsRef(in reference), length);
}
