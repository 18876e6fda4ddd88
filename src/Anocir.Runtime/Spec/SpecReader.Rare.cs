using System.Collections.Generic;

namespace Anocir.Runtime.Spec;

internal ref partial struct SpecReader
{
    private Personality ReadPersonality()
    {
        var personality = new Personality();
        BeginObject();
        while (NextProperty())
        {
            if (Is("domain"u8))
            {
                personality.Domain = Text();
            }
            else if (Is("flags"u8))
            {
                personality.Flags = Texts();
            }
            else
            {
                SkipValue();
            }
        }

        RequireText(personality.Domain, "domain");

        return personality;
    }

    private IntelRdt ReadIntelRdt()
    {
        var rdt = new IntelRdt();
        BeginObject();
        while (NextProperty())
        {
            if (Is("closID"u8))
            {
                rdt.ClosId = OptionalText();
            }
            else if (Is("schemata"u8))
            {
                rdt.Schemata = Texts();
            }
            else if (Is("l3CacheSchema"u8))
            {
                rdt.L3CacheSchema = OptionalText();
            }
            else if (Is("memBwSchema"u8))
            {
                rdt.MemBwSchema = OptionalText();
            }
            else if (Is("enableMonitoring"u8))
            {
                rdt.EnableMonitoring = Bool();
            }
            else
            {
                SkipValue();
            }
        }

        return rdt;
    }

    private MemoryPolicy ReadMemoryPolicy()
    {
        var policy = new MemoryPolicy();
        BeginObject();
        while (NextProperty())
        {
            if (Is("mode"u8))
            {
                policy.Mode = Text();
            }
            else if (Is("nodes"u8))
            {
                policy.Nodes = OptionalText();
            }
            else if (Is("flags"u8))
            {
                policy.Flags = Texts();
            }
            else
            {
                SkipValue();
            }
        }

        return policy; // the check of an absent mode has runc's words
    }

    private KeyValuePair<string, NetDevice>[] ReadNetDevices()
    {
        KeyValuePair<string, NetDevice>[] items = [];
        int count = 0;
        BeginObject();
        while (NextProperty())
        {
            string key = Key();
            Append(ref items, ref count, new(key, ReadNetDevice()));
        }

        return PairList.WithoutDuplicates(items, count);
    }

    private NetDevice ReadNetDevice()
    {
        var device = new NetDevice();
        BeginObject();
        while (NextProperty())
        {
            if (Is("name"u8))
            {
                device.Name = OptionalText();
            }
            else
            {
                SkipValue();
            }
        }

        return device;
    }
}
