using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.SeccompFilters;

/// <summary>Compiles linux.seccomp to a classic BPF program, with libseccomp.</summary>
public static class SeccompCompiler
{
    private const int MaxArguments = 6;

    /// <summary>Compiles a filter. The rules' meaning is runc's.</summary>
    /// <param name="config">The filter.</param>
    /// <param name="notes">Gets a line for each thing that was left out, for the debug log; null when nobody reads it.</param>
    /// <param name="failUnknown">Whether a name of a system call that nobody knows is an error.</param>
    /// <exception cref="ContainerException">A name is unknown, the library refuses a rule, or the program is too long.</exception>
    public static SeccompProgram Compile(Seccomp config, List<string>? notes = null, bool failUnknown = false)
    {
        uint flags = SeccompFlags.Parse(config.Flags, UsesListener(config));
        if (!SeccompAction.TryParse(config.DefaultAction, config.DefaultErrnoRet, out uint defaultAction))
        {
            throw WrongAction("linux.seccomp.defaultAction", config.DefaultAction);
        }

        var sections = new List<SeccompSection>(3);
        try
        {
            AddSections(sections, config, defaultAction);
            var newCalls = new NewCallRules();
            for (int i = 0; i < config.Syscalls.Length; i++)
            {
                AddRules(sections, newCalls, i, config.Syscalls[i], defaultAction, notes, failUnknown);
            }

            Export(sections);
            bool answerNoSys = !SeccompAction.LetsThrough(defaultAction)
                && defaultAction != (SeccompAction.Errno | (uint)Errno.ENOSYS);
            return new SeccompProgram(ToBytes(SeccompAssembler.Assemble(sections, newCalls, answerNoSys)), flags);
        }
        finally
        {
            foreach (SeccompSection section in sections)
            {
                section.Dispose();
            }
        }
    }

    /// <summary>Whether a rule hands calls to a listener.</summary>
    public static bool UsesListener(Seccomp config) => Array.Exists(config.Syscalls, static rule => rule.Action == SeccompNames.Notify);

    /// <summary>The native architecture always belongs to the filter; one that is listed twice counts once.</summary>
    private static void AddSections(List<SeccompSection> sections, Seccomp config, uint defaultAction)
    {
        sections.Add(SeccompSection.CreateNative(defaultAction));
        for (int i = 0; i < config.Architectures.Length; i++)
        {
            uint token = SeccompArchitecture.Parse(config.Architectures[i]);
            if (Contains(sections, token))
            {
                continue;
            }

            SysResult result = SeccompSection.TryCreate(token, defaultAction, out SeccompSection? section);
            if (section is null)
            {
                string rule = result.Is(Errno.EDOM)
                    ? "its byte order is not this machine's"
                    : "not an architecture that libseccomp " + LibSeccomp.VersionText() + " knows";
                throw ContainerException.Config(
                    $"linux.seccomp.architectures[{i}]", $"{rule}, got {Printable.Quote(config.Architectures[i])}");
            }

            sections.Add(section);
        }
    }

    private static bool Contains(List<SeccompSection> sections, uint token)
    {
        foreach (SeccompSection section in sections)
        {
            if (section.Token == token)
            {
                return true;
            }
        }

        return false;
    }

    private static unsafe void AddRules(
        List<SeccompSection> sections,
        NewCallRules newCalls,
        int index,
        SeccompSyscall rule,
        uint defaultAction,
        List<string>? notes,
        bool failUnknown)
    {
        if (!SeccompAction.TryParse(rule.Action, rule.ErrnoRet, out uint action))
        {
            throw WrongAction($"linux.seccomp.syscalls[{index}].action", rule.Action);
        }

        Span<ScmpArgCmp> conditions = rule.Args.Length <= MaxArguments
            ? stackalloc ScmpArgCmp[rule.Args.Length]
            : new ScmpArgCmp[rule.Args.Length];
        bool separate = SeccompConditions.Convert(index, rule.Args, conditions);
        Span<byte> stack = stackalloc byte[128];
        foreach (string name in rule.Names)
        {
            int number = SeccompFilter.UnknownSystemCall;
            if (TryEncode(name, stack))
            {
                fixed (byte* text = stack)
                {
                    number = SeccompFilter.Resolve(text);
                    foreach (SeccompSection section in sections)
                    {
                        // libseccomp refuses a rule that says what the default says.
                        if (number != SeccompFilter.UnknownSystemCall && section.Knows(text) && action != defaultAction)
                        {
                            AddRule(section, index, name, number, action, conditions, separate);
                        }
                    }
                }
            }

            if (number == SeccompFilter.UnknownSystemCall && !AddNew(sections, newCalls, name, action, defaultAction, conditions, separate))
            {
                if (failUnknown)
                {
                    throw ContainerException.Config($"linux.seccomp.syscalls[{index}].names", $"unknown seccomp syscall {Printable.Quote(name)}, "
                        + $"and the annotation {AnnotationNames.SeccompFailUnknown} makes that an error");
                }

                notes?.Add($"unknown seccomp syscall {Printable.Quote(name)} ignored");
            }
        }
    }

    private static void AddRule(
        SeccompSection section,
        int index,
        string name,
        int number,
        uint action,
        ReadOnlySpan<ScmpArgCmp> conditions,
        bool separate)
    {
        for (int i = 0; i < (separate ? conditions.Length : 1); i++)
        {
            SysResult added = section.AddRule(action, number, separate ? conditions.Slice(i, 1) : conditions);
            if (added.IsError)
            {
                throw new ContainerException($"cannot add the seccomp rule for '{name}' (linux.seccomp.syscalls[{index}]): "
                    + ErrnoText.Describe(added.Errno)
                    + (added.Is(Errno.EEXIST) ? "; hint: an earlier rule has another action for arguments that this one is about too" : ""));
            }
        }
    }

    /// <summary>Whether a rule for this system call has an effect here; others are left out of the filter.</summary>
    public static unsafe bool IsKnown(string name)
    {
        Span<byte> stack = stackalloc byte[128];
        if (NewSystemCalls.Find(name, out _) != 0)
        {
            return true;
        }

        fixed (byte* text = stack)
        {
            return TryEncode(name, stack) && SeccompFilter.Resolve(text) != SeccompFilter.UnknownSystemCall;
        }
    }

    /// <summary>The name with a NUL behind it; false when it cannot be one, as the kernel's are short.</summary>
    private static bool TryEncode(string name, Span<byte> buffer)
    {
        if (name.Length >= buffer.Length || name.Contains('\0', StringComparison.Ordinal)
            || !Encoding.UTF8.TryGetBytes(name, buffer[..^1], out int length))
        {
            return false;
        }

        buffer[length] = 0;
        return true;
    }

    /// <summary>Adds a rule for a call that the library does not know; false when nobody does.</summary>
    private static bool AddNew(
        List<SeccompSection> sections,
        NewCallRules newCalls,
        string name,
        uint action,
        uint defaultAction,
        ReadOnlySpan<ScmpArgCmp> conditions,
        bool separate)
    {
        uint number = NewSystemCalls.Find(name, out uint onlyOn);
        if (number == 0)
        {
            return false;
        }

        for (int i = 0; i < (separate ? conditions.Length : 1) && action != defaultAction; i++)
        {
            newCalls.Add(number, onlyOn, action, separate ? conditions.Slice(i, 1) : conditions);
        }

        foreach (SeccompSection section in sections)
        {
            if (onlyOn == 0 || onlyOn == section.Token)
            {
                section.Names(SeccompArchitecture.NumberBase(section.Token) + number);
            }
        }

        return true;
    }

    private static void Export(List<SeccompSection> sections)
    {
        SysResult made = Sys.MemfdCreate("seccomp", Memfd.CLOEXEC);
        if (made.IsError)
        {
            throw ContainerException.System("create memfd", "seccomp", made.Errno);
        }

        using var file = new Fd(made.Int);
        long length = 0;
        foreach (SeccompSection section in sections)
        {
            section.Export(file, ref length);
        }
    }

    private static byte[] ToBytes(List<SockFilter> program)
    {
        if (program.Count > SeccompProgram.MaxInstructions)
        {
            throw ContainerException.Config("linux.seccomp", $"the filter has {program.Count} instructions, the kernel takes at most "
                + $"{SeccompProgram.MaxInstructions}; use fewer architectures, conditions or system calls");
        }

        return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(program)).ToArray();
    }

    private static ContainerException WrongAction(string path, string name) =>
        ContainerException.Config(path, $"not a valid action for seccomp, got {Printable.Quote(name)}");
}
