using System;
using System.Runtime.InteropServices;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.SeccompFilters;

/// <summary>
/// The part of a filter for one architecture, a libseccomp filter of its own, for two reasons: for three architectures in one filter the
/// library needs 19 ms (441 system calls, binary tree) but for one 2 ms; and 2.5.4 makes wrong programs of x86-64 with x32 when a rule is
/// about a call that only i386 has (a test shows it). <see cref="SeccompAssembler"/> joins them.
/// </summary>
internal sealed class SeccompSection : IDisposable
{
    private const int InstructionSize = 8;

    /// <summary>
    /// With more rules than this the library arranges the calls in a binary tree; below, it gains nothing, and without rules the library
    /// (2.5.4) makes a wrong program of it.
    /// </summary>
    private const int TreeThreshold = 32;

    private readonly SeccompFilter _filter;

    private int _rules;

    private SeccompSection(uint token, SeccompFilter filter)
    {
        Token = token;
        _filter = filter;
    }

    /// <summary>The architecture (<see cref="SeccompArchitecture"/>).</summary>
    public uint Token { get; }

    /// <summary>The architecture as the kernel reports it.</summary>
    public uint AuditArchitecture => Token == SeccompArchitecture.X32 ? SeccompArchitecture.X8664 : Token;

    /// <summary>Highest number of the calls that the profile names; 0 when there is none but call 0, as with runc.</summary>
    public uint Newest { get; private set; }

    /// <summary>The library's program, after <see cref="Export"/>.</summary>
    public SockFilter[] Program { get; private set; } = [];

    /// <summary>A section for the native architecture.</summary>
    public static SeccompSection CreateNative(uint defaultAction) => new(SeccompFilter.NativeArchitecture, NewFilter(defaultAction));

    /// <summary>A section for another architecture; EINVAL when the library does not know it, EDOM when its byte order differs.</summary>
    public static SysResult TryCreate(uint token, uint defaultAction, out SeccompSection? section)
    {
        SeccompFilter filter = NewFilter(defaultAction);
        SysResult result = token == 0 ? new SysResult(-(nint)(int)Errno.EINVAL) : filter.AddArchitecture(token);
        if (!result.IsError)
        {
            result = filter.RemoveArchitecture(SeccompFilter.NativeArchitecture);
        }

        if (result.IsError)
        {
            filter.Dispose();
            section = null;
            return result;
        }

        section = new SeccompSection(token, filter);
        return result;
    }

    /// <summary>
    /// Looks a name up that the library knows on some architecture, and takes note of it. False when this architecture has no such call.
    /// The name ends with NUL.
    /// </summary>
    public unsafe bool Knows(byte* name)
    {
        int number = SeccompFilter.Resolve(Token, name);
        if (number >= 0)
        {
            Names((uint)number);
        }

        return number >= 0 || SeccompArchitecture.HasMultiplexers(Token);
    }

    /// <summary>Takes note of a call that the profile names.</summary>
    public void Names(uint number) => Newest = Math.Max(Newest, number);

    /// <summary>Adds a rule for a call by its native number.</summary>
    public SysResult AddRule(uint action, int number, ReadOnlySpan<ScmpArgCmp> conditions)
    {
        _rules++;
        return _filter.AddRule(action, number, conditions);
    }

    /// <summary>Lets the library write its program to the memfd behind what is there, and reads it back.</summary>
    /// <param name="file">A memfd whose offset is its end.</param>
    /// <param name="length">Bytes in it before and afterwards.</param>
    public void Export(Fd file, ref long length)
    {
        if (_rules > TreeThreshold)
        {
            _ = _filter.SetOptimize(2);
        }

        SysResult exported = _filter.Export(file.Number);
        SysResult measured = exported.IsError ? exported : Sys.Statx(file.Number, "", At.EMPTY_PATH, out Statx stat).IsError
            ? new SysResult(0) : new SysResult((nint)stat.Size);
        if (measured.IsError || measured.Value <= length)
        {
            throw new ContainerException($"cannot export the seccomp filter: {ErrnoText.Describe(measured.Errno)}");
        }

        Program = new SockFilter[(measured.Value - length) / InstructionSize];
        _ = Sys.Seek(file.Number, length);
        Span<byte> rest = MemoryMarshal.AsBytes(Program.AsSpan());
        while (!rest.IsEmpty)
        {
            SysResult read = Sys.Read(file.Number, rest);
            if (read.IsError || read.Int == 0)
            {
                throw ContainerException.System("read memfd", "seccomp", read.Errno);
            }

            rest = rest[read.Int..];
        }

        length = measured.Value;
    }

    /// <inheritdoc/>
    public void Dispose() => _filter.Dispose();

    private static SeccompFilter NewFilter(uint defaultAction) => SeccompFilter.Create(defaultAction)
        ?? throw new ContainerException("cannot create a seccomp filter: libseccomp has no memory");
}
