using System.Collections.Generic;
using Anocir.Linux;

namespace Anocir.Runtime.SeccompFilters;

/// <summary>
/// Joins the programs of the architectures. Before each it puts instructions that decide calls which the library does not know but config.json
/// names, and that answer ENOSYS to calls newer than the newest one that the profile names: a profile written before such a call existed
/// would answer EPERM, which C libraries do not take for "use the older call".
/// </summary>
internal static class SeccompAssembler
{
    /// <summary>The whole program. Calls of other architectures kill the thread, as in a program of libseccomp alone.</summary>
    /// <param name="sections">One for each architecture, exported.</param>
    /// <param name="newCalls">Rules for calls that the library does not know.</param>
    /// <param name="answerNoSys">Whether calls newer than the profile get ENOSYS.</param>
    public static List<SockFilter> Assemble(List<SeccompSection> sections, NewCallRules newCalls, bool answerNoSys)
    {
        var code = new List<SockFilter>(2048) { new(Bpf.Load, Bpf.OffsetArchitecture) };
        foreach (SeccompSection section in sections)
        {
            SeccompSection? x32 = section.Token == SeccompArchitecture.X8664 ? Find(sections, SeccompArchitecture.X32) : null;
            if (section.Token == SeccompArchitecture.X32 && Find(sections, SeccompArchitecture.X8664) is not null)
            {
                continue; // behind x86-64, which has the same number in the kernel
            }

            code.Add(new SockFilter(Bpf.JumpEqual, section.AuditArchitecture, jt: 1));
            int next = Placeholder(code);
            AddSection(code, section, x32, newCalls, answerNoSys);
            Land(code, next);
        }

        code.Add(new SockFilter(Bpf.Return, SeccompAction.KillThread));
        return code;
    }

    private static void AddSection(List<SockFilter> code, SeccompSection section, SeccompSection? x32, NewCallRules newCalls, bool answerNoSys)
    {
        code.Add(new SockFilter(Bpf.Load, Bpf.OffsetNumber));
        if (section.Token != SeccompArchitecture.X8664)
        {
            AddCalls(code, section, newCalls, answerNoSys);
            code.AddRange(section.Program);
            return;
        }

        code.Add(new SockFilter(Bpf.JumpSet, SeccompArchitecture.X32Bit, jf: 1));
        int other = Placeholder(code);
        AddCalls(code, section, newCalls, answerNoSys);
        if (x32 is null)
        {
            Land(code, other); // the library's program refuses x32
            code.AddRange(section.Program);
            return;
        }

        code.AddRange(section.Program);
        Land(code, other);
        AddCalls(code, x32, newCalls, answerNoSys);
        code.AddRange(x32.Program);
    }

    /// <summary>Falls through for a call it does not decide; the number is loaded.</summary>
    private static void AddCalls(List<SockFilter> code, SeccompSection section, NewCallRules newCalls, bool answerNoSys)
    {
        newCalls.Emit(code, section.Token);

        // A profile that names no call of an architecture says nothing about the age of those calls.
        if (answerNoSys && section.Newest > 0)
        {
            code.Add(new SockFilter(Bpf.JumpGreater, section.Newest, jf: 1));
            code.Add(new SockFilter(Bpf.Return, SeccompAction.Errno | (uint)Errno.ENOSYS));
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
        code.Add(new SockFilter(Bpf.Jump, 0));
        return code.Count - 1;
    }

    /// <summary>Makes the jump lead to the next instruction to be added.</summary>
    private static void Land(List<SockFilter> code, int jump) => code[jump] = new SockFilter(Bpf.Jump, (uint)(code.Count - jump - 1));
}
