namespace Anocir.Runtime.Spec;

internal ref partial struct SpecReader
{
    private LinuxConfig ReadLinux()
    {
        var linux = new LinuxConfig();
        BeginObject();
        while (NextProperty())
        {
            if (Is("namespaces"u8))
            {
                linux.Namespaces = ReadNamespaces();
            }
            else if (Is("resources"u8))
            {
                linux.Resources = ReadResources();
            }
            else if (Is("seccomp"u8))
            {
                linux.Seccomp = ReadSeccomp();
            }
            else if (Is("maskedPaths"u8))
            {
                linux.MaskedPaths = Texts();
            }
            else if (Is("readonlyPaths"u8))
            {
                linux.ReadonlyPaths = Texts();
            }
            else if (Is("devices"u8))
            {
                linux.Devices = ReadDevices();
            }
            else if (Is("cgroupsPath"u8))
            {
                linux.CgroupsPath = OptionalText();
            }
            else if (Is("sysctl"u8))
            {
                linux.Sysctl = TextMap(kernel: true);
            }
            else if (Is("uidMappings"u8))
            {
                linux.UidMappings = ReadIdMappings();
            }
            else if (Is("gidMappings"u8))
            {
                linux.GidMappings = ReadIdMappings();
            }
            else if (Is("rootfsPropagation"u8))
            {
                linux.RootfsPropagation = OptionalText();
            }
            else if (Is("timeOffsets"u8))
            {
                linux.TimeOffsets = ReadTimeOffsets();
            }
            else if (!ReadRareLinuxProperty(linux))
            {
                SkipValue();
            }
        }

        return linux;
    }

    private bool ReadRareLinuxProperty(LinuxConfig linux)
    {
        if (Is("mountLabel"u8))
        {
            linux.MountLabel = OptionalText();
        }
        else if (Is("personality"u8))
        {
            linux.Personality = ReadPersonality();
        }
        else if (Is("intelRdt"u8))
        {
            linux.IntelRdt = ReadIntelRdt();
        }
        else if (Is("memoryPolicy"u8))
        {
            linux.MemoryPolicy = ReadMemoryPolicy();
        }
        else if (Is("netDevices"u8))
        {
            linux.NetDevices = ReadNetDevices();
        }
        else
        {
            return false;
        }

        return true;
    }

    private LinuxNamespace[] ReadNamespaces()
    {
        LinuxNamespace[] items = [];
        int count = 0;
        BeginArray();
        while (NextElement())
        {
            Append(ref items, ref count, ReadNamespace());
        }

        return Trim(items, count);
    }

    private LinuxNamespace ReadNamespace()
    {
        var entry = new LinuxNamespace();
        bool hasType = false;
        BeginObject();
        while (NextProperty())
        {
            if (Is("type"u8))
            {
                entry.Type = NamespaceTypeValue();
                hasType = true;
            }
            else if (Is("path"u8))
            {
                entry.Path = OptionalText();
            }
            else
            {
                SkipValue();
            }
        }

        Require(hasType, "type");

        return entry;
    }

    private readonly NamespaceType NamespaceTypeValue()
    {
        string name = Text();
        return NamespaceNames.TryParse(name, out NamespaceType type) ? type : throw Refuse("unknown namespace type");
    }

    private TimeOffsets ReadTimeOffsets()
    {
        var offsets = new TimeOffsets();
        BeginObject();
        while (NextProperty())
        {
            if (Is("monotonic"u8))
            {
                offsets.Monotonic = ReadTimeOffset();
            }
            else if (Is("boottime"u8))
            {
                offsets.Boottime = ReadTimeOffset();
            }
            else
            {
                throw Refuse("unknown clock, must be monotonic or boottime");
            }
        }

        return offsets;
    }

    private TimeOffset ReadTimeOffset()
    {
        var offset = new TimeOffset();
        BeginObject();
        while (NextProperty())
        {
            if (Is("secs"u8))
            {
                offset.Secs = Int64();
            }
            else if (Is("nanosecs"u8))
            {
                offset.Nanosecs = UInt32();
            }
            else
            {
                SkipValue();
            }
        }

        return offset;
    }
}
