using System;

namespace Anocir.Init.Tests;

/// <summary>A plan that ends where readable memory ends: one byte too far is a crash.</summary>
internal sealed unsafe class GuardedPlan : IDisposable
{
    private const int Page = 4096;
    private readonly byte* _mapping;
    private readonly int _length;

    public GuardedPlan(ReadOnlySpan<byte> image)
    {
        const int ReadWrite = 3;
        const int PrivateAnonymous = 0x22;
        const int Fixed = 0x10;
        int pages = Math.Max(1, (image.Length + Page - 1) / Page) * Page;
        _length = pages + Page;
        _mapping = (byte*)Os.CheckAddress(Native.Syscall(Nr.mmap, 0, _length, 0, PrivateAnonymous, -1, 0));
        Os.CheckAddress(Native.Syscall(Nr.mmap, (nint)_mapping, pages, ReadWrite, PrivateAnonymous | Fixed, -1, 0));
        Start = _mapping + pages - image.Length;
        image.CopyTo(new Span<byte>(Start, image.Length));
        Size = image.Length;
    }

    public byte* Start { get; }

    public int Size { get; }

    /// <summary>Runs the check of init on it.</summary>
    public int Check(out InitState state, out long where)
    {
        InitState checkedState = default;
        int result = PlanReader.Check(Start, (ulong)Size, &checkedState, out where);
        state = checkedState;
        return result;
    }

    public static int Check(byte[] image, out long where)
    {
        using var plan = new GuardedPlan(image);
        return plan.Check(out _, out where);
    }

    public void Dispose() => Sys.Unmap(_mapping, _length);
}
