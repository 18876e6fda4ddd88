namespace Anocir.Runtime.Spec;

internal ref partial struct SpecReader
{
    private Process ReadProcess()
    {
        var process = new Process();
        BeginObject();
        while (NextProperty())
        {
            if (Is("args"u8))
            {
                process.Args = Texts();
            }
            else if (Is("env"u8))
            {
                process.Env = Texts();
            }
            else if (Is("cwd"u8))
            {
                process.Cwd = Text();
            }
            else if (Is("user"u8))
            {
                process.User = ReadUser();
            }
            else if (Is("terminal"u8))
            {
                process.Terminal = Bool();
            }
            else if (Is("consoleSize"u8))
            {
                process.ConsoleSize = ReadConsoleSize();
            }
            else if (Is("capabilities"u8))
            {
                process.Capabilities = ReadCapabilities();
            }
            else if (Is("rlimits"u8))
            {
                process.Rlimits = ReadRlimits();
            }
            else if (Is("noNewPrivileges"u8))
            {
                process.NoNewPrivileges = Bool();
            }
            else if (Is("oomScoreAdj"u8))
            {
                process.OomScoreAdj = Int32();
            }
            else if (!ReadRareProcessProperty(process))
            {
                SkipValue();
            }
        }

        return process;
    }

    private bool ReadRareProcessProperty(Process process)
    {
        if (Is("apparmorProfile"u8))
        {
            process.ApparmorProfile = OptionalText();
        }
        else if (Is("selinuxLabel"u8))
        {
            process.SelinuxLabel = OptionalText();
        }
        else if (Is("scheduler"u8))
        {
            process.Scheduler = ReadScheduler();
        }
        else if (Is("ioPriority"u8))
        {
            process.IoPriority = ReadIoPriority();
        }
        else if (Is("execCPUAffinity"u8))
        {
            process.ExecCpuAffinity = ReadExecCpuAffinity();
        }
        else
        {
            return false;
        }

        return true;
    }

    private ConsoleSize ReadConsoleSize()
    {
        var size = new ConsoleSize();
        BeginObject();
        while (NextProperty())
        {
            if (Is("height"u8))
            {
                size.Height = UInt32();
            }
            else if (Is("width"u8))
            {
                size.Width = UInt32();
            }
            else
            {
                SkipValue();
            }
        }

        return size;
    }

    private User ReadUser()
    {
        var user = new User();
        BeginObject();
        while (NextProperty())
        {
            if (Is("uid"u8))
            {
                user.Uid = UInt32();
            }
            else if (Is("gid"u8))
            {
                user.Gid = UInt32();
            }
            else if (Is("umask"u8))
            {
                user.Umask = UInt32();
            }
            else if (Is("additionalGids"u8))
            {
                user.AdditionalGids = UInt32s();
            }
            else
            {
                SkipValue();
            }
        }

        return user;
    }

    private uint[] UInt32s()
    {
        uint[] items = [];
        int count = 0;
        BeginArray();
        while (NextElement())
        {
            Append(ref items, ref count, UInt32());
        }

        return Trim(items, count);
    }

    private Capabilities ReadCapabilities()
    {
        var sets = new Capabilities();
        BeginObject();
        while (NextProperty())
        {
            if (Is("bounding"u8))
            {
                sets.Bounding = Texts();
            }
            else if (Is("effective"u8))
            {
                sets.Effective = Texts();
            }
            else if (Is("inheritable"u8))
            {
                sets.Inheritable = Texts();
            }
            else if (Is("permitted"u8))
            {
                sets.Permitted = Texts();
            }
            else if (Is("ambient"u8))
            {
                sets.Ambient = Texts();
            }
            else
            {
                SkipValue();
            }
        }

        return sets;
    }

    private Rlimit[] ReadRlimits()
    {
        Rlimit[] items = [];
        int count = 0;
        BeginArray();
        while (NextElement())
        {
            Append(ref items, ref count, ReadRlimit());
        }

        return Trim(items, count);
    }

    private Rlimit ReadRlimit()
    {
        var limit = new Rlimit();
        bool hasHard = false;
        bool hasSoft = false;
        BeginObject();
        while (NextProperty())
        {
            if (Is("type"u8))
            {
                limit.Type = Text();
            }
            else if (Is("hard"u8))
            {
                limit.Hard = UInt64();
                hasHard = true;
            }
            else if (Is("soft"u8))
            {
                limit.Soft = UInt64();
                hasSoft = true;
            }
            else
            {
                SkipValue();
            }
        }

        RequireText(limit.Type, "type");
        Require(hasHard, "hard");
        Require(hasSoft, "soft");
        return limit;
    }
}
