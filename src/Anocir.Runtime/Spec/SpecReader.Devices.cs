namespace Anocir.Runtime.Spec;

internal ref partial struct SpecReader
{
    private Device[] ReadDevices()
    {
        Device[] items = [];
        int count = 0;
        BeginArray();
        while (NextElement())
        {
            Append(ref items, ref count, ReadDevice());
        }

        return Trim(items, count);
    }

    private Device ReadDevice()
    {
        var device = new Device();
        BeginObject();
        while (NextProperty())
        {
            if (Is("path"u8))
            {
                device.Path = Text();
            }
            else if (Is("type"u8))
            {
                device.Type = Text();
            }
            else if (Is("major"u8))
            {
                device.Major = Int64();
            }
            else if (Is("minor"u8))
            {
                device.Minor = Int64();
            }
            else if (Is("fileMode"u8))
            {
                device.FileMode = UInt32();
            }
            else if (Is("uid"u8))
            {
                device.Uid = UInt32();
            }
            else if (Is("gid"u8))
            {
                device.Gid = UInt32();
            }
            else
            {
                SkipValue();
            }
        }

        RequireText(device.Path, "path");
        RequireText(device.Type, "type");

        return device;
    }

    private DeviceRule[] ReadDeviceRules()
    {
        DeviceRule[] items = [];
        int count = 0;
        BeginArray();
        while (NextElement())
        {
            Append(ref items, ref count, ReadDeviceRule());
        }

        return Trim(items, count);
    }

    private DeviceRule ReadDeviceRule()
    {
        var rule = new DeviceRule();
        bool hasAllow = false;
        BeginObject();
        while (NextProperty())
        {
            if (Is("allow"u8))
            {
                rule.Allow = Bool();
                hasAllow = true;
            }
            else if (Is("type"u8))
            {
                rule.Type = OptionalText();
            }
            else if (Is("major"u8))
            {
                rule.Major = Int64();
            }
            else if (Is("minor"u8))
            {
                rule.Minor = Int64();
            }
            else if (Is("access"u8))
            {
                rule.Access = OptionalText();
            }
            else
            {
                SkipValue();
            }
        }

        Require(hasAllow, "allow");

        return rule;
    }
}
