using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.SeccompFilters;

/// <summary>Compiles linux.seccomp to a classic BPF program, with libseccomp.</summary>
public static class SeccompCompiler
{
    /// <summary>
    /// From this many system calls on the library arranges them in a binary tree; below, it gains nothing, and with no rule at all the
    /// library (2.5.4) makes a wrong program of it.
    /// </summary>
    private const int TreeThreshold = 32;

    private const int MaxArguments = 6;

    /// <summary>Compiles a filter. The rules' meaning is runc's; SCMP_ACT_NOTIFY is not built yet.</summary>
    /// <param name="config">The filter, its names already checked.</param>
    /// <param name="notes">Gets a line for each thing that was left out, for the debug log; null when nobody reads it.</param>
    /// <exception cref="ContainerException">A name is unknown, the library refuses a rule, or the program is too long.</exception>
    public static SeccompProgram Compile(Seccomp config, List<string>? notes = null)
    {
        uint flags = SeccompFlags.Parse(config.Flags);
        uint defaultAction = Action("linux.seccomp.defaultAction", config.DefaultAction, config.DefaultErrnoRet);
        using SeccompFilter filter = SeccompFilter.Create(defaultAction)
            ?? throw new ContainerException("cannot create a seccomp filter: libseccomp has no memory");
        var prelude = new SeccompPrelude();
        AddArchitectures(filter, prelude, config.Architectures);
        if (CountCalls(config) > TreeThreshold)
        {
            _ = filter.SetOptimize(2);
        }

        for (int i = 0; i < config.Syscalls.Length; i++)
        {
            AddRules(filter, prelude, $"linux.seccomp.syscalls[{i}]", config.Syscalls[i], defaultAction, notes);
        }

        bool answerNoSys = !SeccompAction.LetsThrough(defaultAction)
            && defaultAction != (SeccompAction.Errno | (uint)Errno.ENOSYS);
        return new SeccompProgram(Export(filter, prelude.Generate(answerNoSys)), flags);
    }

    private static void AddArchitectures(SeccompFilter filter, SeccompPrelude prelude, string[] names)
    {
        prelude.AddArchitecture(SeccompFilter.NativeArchitecture);
        for (int i = 0; i < names.Length; i++)
        {
            uint token = SeccompArchitecture.Parse(names[i]);
            SysResult result = token == 0 ? new SysResult(-(nint)(int)Errno.EINVAL) : filter.AddArchitecture(token);
            if (result.IsError && !result.Is(Errno.EEXIST))
            {
                string rule = result.Is(Errno.EDOM)
                    ? "its byte order is not this machine's"
                    : "not an architecture that libseccomp " + LibSeccomp.VersionText() + " knows";
                throw ContainerException.Config($"linux.seccomp.architectures[{i}]", $"{rule}, got {Printable.Quote(names[i])}");
            }

            prelude.AddArchitecture(token);
        }
    }

    private static void AddRules(
        SeccompFilter filter, SeccompPrelude prelude, string path, SeccompSyscall rule, uint defaultAction, List<string>? notes)
    {
        uint action = Action(path + ".action", rule.Action, rule.ErrnoRet);
        Span<ScmpArgCmp> conditions = rule.Args.Length <= MaxArguments
            ? stackalloc ScmpArgCmp[rule.Args.Length]
            : new ScmpArgCmp[rule.Args.Length];
        bool separate = SeccompConditions.Convert(path, rule.Args, conditions);
        Span<byte> stack = stackalloc byte[128];
        foreach (string name in rule.Names)
        {
            int number = Resolve(prelude, name, stack);
            if (number == SeccompFilter.UnknownSystemCall)
            {
                AddUnknown(prelude, name, rule, action, notes);
                continue;
            }

            // libseccomp refuses a rule that says what the default says.
            if (action == defaultAction)
            {
                continue;
            }

            for (int i = 0; i < (separate ? conditions.Length : 1); i++)
            {
                SysResult added = filter.AddRule(action, number, separate ? conditions.Slice(i, 1) : conditions);
                if (added.IsError && !added.Is(Errno.EEXIST))
                {
                    throw new ContainerException($"cannot add the seccomp rule for '{name}' ({path}): {ErrnoText.Describe(added.Errno)}");
                }
            }
        }
    }

    /// <summary>The call's number for libseccomp; the prelude learns which calls the profile knows.</summary>
    private static unsafe int Resolve(SeccompPrelude prelude, string name, Span<byte> stack)
    {
        // The kernel's names are short and ASCII; anything else cannot be one.
        if (name.Length >= stack.Length || name.Contains('\0', StringComparison.Ordinal)
            || !System.Text.Encoding.UTF8.TryGetBytes(name, stack[..^1], out int length))
        {
            return SeccompFilter.UnknownSystemCall;
        }

        stack[length] = 0;
        fixed (byte* text = stack)
        {
            int number = SeccompFilter.Resolve(text);
            if (number != SeccompFilter.UnknownSystemCall)
            {
                prelude.AddKnown(text);
            }

            return number;
        }
    }

    private static void AddUnknown(SeccompPrelude prelude, string name, SeccompSyscall rule, uint action, List<string>? notes)
    {
        uint number = NewSystemCalls.Find(name);
        if (number != 0 && rule.Args.Length == 0)
        {
            prelude.AddNew(number, action);
        }
        else
        {
            notes?.Add($"unknown seccomp syscall {Printable.Quote(name)} ignored");
        }
    }

    private static byte[] Export(SeccompFilter filter, List<SockFilter> prelude)
    {
        const int InstructionSize = 8;
        SysResult made = Sys.MemfdCreate("seccomp", Memfd.CLOEXEC);
        if (made.IsError)
        {
            throw ContainerException.System("create memfd", "seccomp", made.Errno);
        }

        using var file = new Fd(made.Int);
        SysResult exported = filter.Export(file.Number);
        SysResult size = exported.IsError ? exported : Sys.Statx(file.Number, "", At.EMPTY_PATH, out Statx stat).IsError
            ? new SysResult(0) : new SysResult((nint)stat.Size);
        if (size.IsError || size.Value == 0)
        {
            throw new ContainerException($"cannot export the seccomp filter: {ErrnoText.Describe(size.Errno)}");
        }

        int instructions = prelude.Count + (size.Int / InstructionSize);
        if (instructions > SeccompProgram.MaxInstructions)
        {
            throw ContainerException.Config("linux.seccomp", $"the filter has {instructions} instructions, the kernel takes at most "
                + $"{SeccompProgram.MaxInstructions}; use fewer architectures, conditions or system calls");
        }

        byte[] program = new byte[instructions * InstructionSize];
        int start = prelude.Count * InstructionSize;
        MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(prelude)).CopyTo(program);
        _ = Sys.Seek(file.Number, 0);
        for (int at = start; at < program.Length;)
        {
            SysResult read = Sys.Read(file.Number, program.AsSpan(at));
            if (read.IsError || read.Int == 0)
            {
                throw ContainerException.System("read memfd", "seccomp", read.Errno);
            }

            at += read.Int;
        }

        return program;
    }

    private static int CountCalls(Seccomp config)
    {
        int count = 0;
        foreach (SeccompSyscall rule in config.Syscalls)
        {
            count += rule.Names.Length;
        }

        return count;
    }

    private static uint Action(string path, string name, uint? data)
    {
        if (SeccompAction.TryParse(name, data, out uint action))
        {
            return action;
        }

        throw name == SeccompNames.Notify
            ? ContainerException.Config(path, "SCMP_ACT_NOTIFY is not supported by this version")
            : ContainerException.Config(path, $"not a valid action for seccomp, got {Printable.Quote(name)}");
    }
}
