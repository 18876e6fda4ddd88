using System.Collections.Generic;
using Anocir.Linux;

namespace Anocir.Runtime.SeccompFilters;

/// <summary>
/// Joins the programs of the architectures. Before each it puts instructions that decide calls which the library does not know but config.json
/// names, and that answer ENOSYS to calls newer than the newest one that the profile names: a profile written before such a call existed
/// would answer EPERM, which C libraries do not take for "use the older call".
/// </summary>
internal sealed class SeccompAssembler
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

    private readonly List<(uint Number, uint OnlyOn, uint Action)> _newCalls = [];

    /// <summary>Decides a call by its number (<see cref="NewSystemCalls"/>); the first rule for a call counts.</summary>
    public void AddNew(uint number, uint onlyOn, uint action)
    {
        foreach ((uint known, uint architecture, _) in _newCalls)
        {
            if (known == number && architecture == onlyOn)
            {
                return;
            }
        }

        _newCalls.Add((number, onlyOn, action));
    }

    /// <summary>The whole program. Calls of other architectures kill the thread, as in a program of libseccomp alone.</summary>
    /// <param name="sections">One for each architecture, exported.</param>
    /// <param name="answerNoSys">Whether calls newer than the profile get ENOSYS.</param>
    public List<SockFilter> Assemble(List<SeccompSection> sections, bool answerNoSys)
    {
        var code = new List<SockFilter>(2048) { new(Load, OffsetArchitecture) };
        foreach (SeccompSection section in sections)
        {
            SeccompSection? x32 = section.Token == SeccompArchitecture.X8664 ? Find(sections, SeccompArchitecture.X32) : null;
            if (section.Token == SeccompArchitecture.X32 && Find(sections, SeccompArchitecture.X8664) is not null)
            {
                continue; // behind x86-64, which has the same number in the kernel
            }

            code.Add(new SockFilter(JumpEqual, section.AuditArchitecture, jt: 1));
            int next = Placeholder(code);
            AddSection(code, section, x32, answerNoSys);
            Land(code, next);
        }

        code.Add(new SockFilter(Return, SeccompAction.KillThread));
        return code;
    }

    private void AddSection(List<SockFilter> code, SeccompSection section, SeccompSection? x32, bool answerNoSys)
    {
        code.Add(new SockFilter(Load, OffsetNumber));
        if (section.Token != SeccompArchitecture.X8664)
        {
            AddCalls(code, section, answerNoSys);
            code.AddRange(section.Program);
            return;
        }

        code.Add(new SockFilter(JumpSet, SeccompArchitecture.X32Bit, jf: 1));
        int other = Placeholder(code);
        AddCalls(code, section, answerNoSys);
        if (x32 is null)
        {
            Land(code, other); // the library's program refuses x32
            code.AddRange(section.Program);
            return;
        }

        code.AddRange(section.Program);
        Land(code, other);
        AddCalls(code, x32, answerNoSys);
        code.AddRange(x32.Program);
    }

    /// <summary>Falls through for a call it does not decide; the number is loaded.</summary>
    private void AddCalls(List<SockFilter> code, SeccompSection section, bool answerNoSys)
    {
        foreach ((uint number, uint onlyOn, uint action) in _newCalls)
        {
            if (onlyOn == 0 || onlyOn == section.Token)
            {
                code.Add(new SockFilter(JumpEqual, SeccompArchitecture.NumberBase(section.Token) + number, jf: 1));
                code.Add(new SockFilter(Return, action));
            }
        }

        // A profile that names no call of an architecture says nothing about the age of those calls.
        if (answerNoSys && section.Newest is { } newest)
        {
            code.Add(new SockFilter(JumpGreater, newest, jf: 1));
            code.Add(new SockFilter(Return, SeccompAction.Errno | (uint)Errno.ENOSYS));
        }
    }

    private static SeccompSection? Find(List<SeccompSection> sections, uint token)
    {
        foreach (SeccompSection section in sections)
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
}
