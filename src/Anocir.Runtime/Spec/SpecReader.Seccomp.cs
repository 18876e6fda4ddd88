namespace Anocir.Runtime.Spec;

internal ref partial struct SpecReader
{
    private Seccomp? ReadSeccomp()
    {
        var seccomp = new Seccomp();
        BeginObject();
        while (NextProperty())
        {
            if (Is("defaultAction"u8))
            {
                seccomp.DefaultAction = Text();
            }
            else if (Is("defaultErrnoRet"u8))
            {
                seccomp.DefaultErrnoRet = UInt32();
            }
            else if (Is("architectures"u8))
            {
                seccomp.Architectures = Texts();
            }
            else if (Is("flags"u8))
            {
                seccomp.Flags = Texts();
            }
            else if (Is("listenerPath"u8))
            {
                seccomp.ListenerPath = OptionalText();
            }
            else if (Is("listenerMetadata"u8))
            {
                seccomp.ListenerMetadata = AnyText() is { Length: > 0 } text ? text : null;
            }
            else if (Is("syscalls"u8))
            {
                seccomp.Syscalls = ReadSyscalls();
            }
            else
            {
                SkipValue();
            }
        }

        // runc: no default action and no rules means no filter.
        if (seccomp.DefaultAction.Length == 0 && seccomp.Syscalls.Length == 0)
        {
            return null;
        }

        RequireText(seccomp.DefaultAction, "defaultAction");
        return seccomp;
    }

    private SeccompSyscall[] ReadSyscalls()
    {
        SeccompSyscall[] items = [];
        int count = 0;
        BeginArray();
        while (NextElement())
        {
            Append(ref items, ref count, ReadSyscall());
        }

        return Trim(items, count);
    }

    private SeccompSyscall ReadSyscall()
    {
        var rule = new SeccompSyscall();
        BeginObject();
        while (NextProperty())
        {
            if (Is("names"u8))
            {
                rule.Names = Texts();
            }
            else if (Is("action"u8))
            {
                rule.Action = Text();
            }
            else if (Is("errnoRet"u8))
            {
                rule.ErrnoRet = UInt32();
            }
            else if (Is("args"u8))
            {
                rule.Args = ReadSeccompArgs();
            }
            else
            {
                SkipValue();
            }
        }

        RequireText(rule.Action, "action");

        return rule;
    }

    private SeccompArg[] ReadSeccompArgs()
    {
        SeccompArg[] items = [];
        int count = 0;
        BeginArray();
        while (NextElement())
        {
            Append(ref items, ref count, ReadSeccompArg());
        }

        return Trim(items, count);
    }

    private SeccompArg ReadSeccompArg()
    {
        var arg = new SeccompArg();
        bool hasIndex = false;
        bool hasValue = false;
        BeginObject();
        while (NextProperty())
        {
            if (Is("index"u8))
            {
                arg.Index = UInt32();
                hasIndex = true;
            }
            else if (Is("value"u8))
            {
                arg.Value = UInt64();
                hasValue = true;
            }
            else if (Is("valueTwo"u8))
            {
                arg.ValueTwo = UInt64();
            }
            else if (Is("op"u8))
            {
                arg.Op = Text();
            }
            else
            {
                SkipValue();
            }
        }

        Require(hasIndex, "index");
        Require(hasValue, "value");
        RequireText(arg.Op, "op");

        return arg;
    }
}
