namespace Anocir.Runtime.Spec;

internal ref partial struct SpecReader
{
    private RuntimeConfig ReadConfig()
    {
        var config = new RuntimeConfig();
        bool hasRoot = false;
        BeginObject();
        while (NextProperty())
        {
            if (Is("ociVersion"u8))
            {
                config.OciVersion = Text();
            }
            else if (Is("process"u8))
            {
                config.Process = ReadProcess();
            }
            else if (Is("root"u8))
            {
                config.Root = ReadRoot();
                hasRoot = true;
            }
            else if (Is("hostname"u8))
            {
                config.Hostname = OptionalText();
            }
            else if (Is("domainname"u8))
            {
                config.Domainname = OptionalText();
            }
            else if (Is("mounts"u8))
            {
                config.Mounts = ReadMounts();
            }
            else if (Is("hooks"u8))
            {
                config.Hooks = ReadHooks();
            }
            else if (Is("annotations"u8))
            {
                config.Annotations = TextMap(kernel: false);
            }
            else if (Is("linux"u8))
            {
                config.Linux = ReadLinux();
            }
            else
            {
                SkipValue();
            }
        }

        Require(hasRoot, "root");
        return config;
    }

    private Root ReadRoot()
    {
        var root = new Root();
        BeginObject();
        while (NextProperty())
        {
            if (Is("path"u8))
            {
                root.Path = Text();
            }
            else if (Is("readonly"u8))
            {
                root.Readonly = Bool();
            }
            else
            {
                SkipValue();
            }
        }

        RequireText(root.Path, "path");
        return root;
    }

    private Mount[] ReadMounts()
    {
        Mount[] items = [];
        int count = 0;
        BeginArray();
        while (NextElement())
        {
            Append(ref items, ref count, ReadMount());
        }

        return Trim(items, count);
    }

    private Mount ReadMount()
    {
        var mount = new Mount();
        BeginObject();
        while (NextProperty())
        {
            if (Is("destination"u8))
            {
                mount.Destination = Text();
            }
            else if (Is("type"u8))
            {
                mount.Type = OptionalText();
            }
            else if (Is("source"u8))
            {
                mount.Source = OptionalText();
            }
            else if (Is("options"u8))
            {
                mount.Options = Texts();
            }
            else if (Is("uidMappings"u8))
            {
                mount.UidMappings = ReadIdMappings();
            }
            else if (Is("gidMappings"u8))
            {
                mount.GidMappings = ReadIdMappings();
            }
            else
            {
                SkipValue();
            }
        }

        RequireText(mount.Destination, "destination");
        return mount;
    }

    private IdMapping[] ReadIdMappings()
    {
        IdMapping[] items = [];
        int count = 0;
        BeginArray();
        while (NextElement())
        {
            Append(ref items, ref count, ReadIdMapping());
        }

        return Trim(items, count);
    }

    private IdMapping ReadIdMapping()
    {
        var mapping = new IdMapping();
        bool hasSize = false;
        BeginObject();
        while (NextProperty())
        {
            if (Is("containerID"u8))
            {
                mapping.ContainerId = UInt32();
            }
            else if (Is("hostID"u8))
            {
                mapping.HostId = UInt32();
            }
            else if (Is("size"u8))
            {
                mapping.Size = UInt32();
                hasSize = true;
            }
            else
            {
                SkipValue();
            }
        }

        Require(hasSize, "size");
        return mapping;
    }
}
