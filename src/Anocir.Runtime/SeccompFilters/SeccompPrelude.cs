using System.Collections.Generic;
using Anocir.Linux;

namespace Anocir.Runtime.SeccompFilters;

/// <summary>
/// Instructions put before libseccomp's program. They decide calls that the library does not know but config.json names, and answer ENOSYS
/// to calls newer than the newest one that the profile names: a profile written before such a call existed would answer EPERM, which C
/// libraries do not take for "use the older call". Everything else falls through to the program.
/// </summary>
internal sealed class SeccompPrelude
{
    // Classic BPF (linux/bpf_common.h): load a word at an absolute offset, jumps with a constant, return a constant.
    private const ushort Load = 0x20;
    private const ushort Jump = 0x05;
    private const ushort JumpEqual = 0x15;
    private const ushort JumpGreater = 0x25;
    private const ushort JumpSet = 0x45;
    private const ushort Return = 0x06;

    // struct seccomp_data (linux/seccomp.h)
    private const uint OffsetNumber = 0;
    private const uint OffsetArchitecture = 4;

    private readonly List<Section> _sections = new(4);
    private readonly List<KeyValuePair<uint, uint>> _newCalls = [];

    /// <summary>Adds an architecture of the filter; a second time changes nothing.</summary>
    public void AddArchitecture(uint token)
    {
        foreach (Section section in _sections)
        {
            if (section.Token == token)
            {
                return;
            }
        }

        _sections.Add(new Section(token));
    }

    /// <summary>Takes note of a name in the profile that the library knows. The name ends with NUL.</summary>
    public unsafe void AddKnown(byte* name)
    {
        foreach (Section section in _sections)
        {
            int number = SeccompFilter.Resolve(section.Token, name);
            if (number >= 0 && (section.Newest is null || (uint)number > section.Newest))
            {
                section.Newest = (uint)number;
            }
        }
    }

    /// <summary>Decides a call by its common number (<see cref="NewSystemCalls"/>); the first rule for a call counts.</summary>
    public void AddNew(uint number, uint action)
    {
        foreach (KeyValuePair<uint, uint> call in _newCalls)
        {
            if (call.Key == number)
            {
                return;
            }
        }

        _newCalls.Add(new(number, action));
    }

    /// <summary>The instructions; none when nothing needs them.</summary>
    /// <param name="answerNoSys">Whether calls newer than the profile get ENOSYS.</param>
    public List<SockFilter> Generate(bool answerNoSys)
    {
        var code = new List<SockFilter>(16 + (2 * _newCalls.Count * _sections.Count));
        if (!answerNoSys && _newCalls.Count == 0)
        {
            return code;
        }

        var toEnd = new List<int>();
        code.Add(new SockFilter(Load, OffsetArchitecture));
        foreach (Section section in _sections)
        {
            if (section.Token == SeccompArchitecture.X32)
            {
                continue; // part of x86-64's section
            }

            Section? x32 = section.Token == SeccompArchitecture.X8664 ? Find(SeccompArchitecture.X32) : null;
            code.Add(new SockFilter(JumpEqual, section.Token, jt: 1));
            int skip = Placeholder(code);
            code.Add(new SockFilter(Load, OffsetNumber));
            if (section.Token == SeccompArchitecture.X8664)
            {
                code.Add(new SockFilter(JumpSet, SeccompArchitecture.X32Bit, jf: 1));
                int other = Placeholder(code);
                AddCalls(code, section, answerNoSys);
                toEnd.Add(Placeholder(code));
                Land(code, other);
            }

            if (section.Token != SeccompArchitecture.X8664 || x32 is not null)
            {
                AddCalls(code, x32 ?? section, answerNoSys);
            }

            toEnd.Add(Placeholder(code));
            Land(code, skip);
        }

        foreach (int jump in toEnd)
        {
            Land(code, jump);
        }

        return code;
    }

    private void AddCalls(List<SockFilter> code, Section section, bool answerNoSys)
    {
        foreach (KeyValuePair<uint, uint> call in _newCalls)
        {
            code.Add(new SockFilter(JumpEqual, SeccompArchitecture.NumberBase(section.Token) + call.Key, jf: 1));
            code.Add(new SockFilter(Return, call.Value));
        }

        // A profile that names no call of an architecture says nothing about the age of those calls.
        if (answerNoSys && section.Newest is { } newest)
        {
            code.Add(new SockFilter(JumpGreater, newest, jf: 1));
            code.Add(new SockFilter(Return, SeccompAction.Errno | (uint)Errno.ENOSYS));
        }
    }

    private Section? Find(uint token)
    {
        foreach (Section section in _sections)
        {
            if (section.Token == token)
            {
                return section;
            }
        }

        return null;
    }

    /// <summary>An unconditional jump, whose distance <see cref="Land"/> fills in.</summary>
    private static int Placeholder(List<SockFilter> code)
    {
        code.Add(new SockFilter(Jump, 0));
        return code.Count - 1;
    }

    /// <summary>Makes the jump lead to the next instruction to be added.</summary>
    private static void Land(List<SockFilter> code, int jump) => code[jump] = new SockFilter(Jump, (uint)(code.Count - jump - 1));

    private sealed class Section(uint token)
    {
        public uint Token { get; } = token;

        public uint? Newest { get; set; }
    }
}
