using System.Collections.Generic;

namespace Anocir.Runtime.Spec;

internal ref partial struct SpecReader
{
    private HugepageLimit[] ReadHugepageLimits()
    {
        HugepageLimit[] items = [];
        int count = 0;
        BeginArray();
        while (NextElement())
        {
            Append(ref items, ref count, ReadHugepageLimit());
        }

        return Trim(items, count);
    }

    private HugepageLimit ReadHugepageLimit()
    {
        var limit = new HugepageLimit();
        bool hasLimit = false;
        BeginObject();
        while (NextProperty())
        {
            if (Is("pageSize"u8))
            {
                limit.PageSize = Text();
            }
            else if (Is("limit"u8))
            {
                limit.Limit = UInt64();
                hasLimit = true;
            }
            else
            {
                SkipValue();
            }
        }

        RequireText(limit.PageSize, "pageSize");
        Require(hasLimit, "limit");

        return limit;
    }

    private NetworkResources ReadNetwork()
    {
        var network = new NetworkResources();
        BeginObject();
        while (NextProperty())
        {
            if (Is("classID"u8))
            {
                network.ClassId = UInt32();
            }
            else if (Is("priorities"u8))
            {
                network.Priorities = ReadPriorities();
            }
            else
            {
                SkipValue();
            }
        }

        return network;
    }

    private InterfacePriority[] ReadPriorities()
    {
        InterfacePriority[] items = [];
        int count = 0;
        BeginArray();
        while (NextElement())
        {
            Append(ref items, ref count, ReadPriority());
        }

        return Trim(items, count);
    }

    private InterfacePriority ReadPriority()
    {
        var priority = new InterfacePriority();
        bool hasPriority = false;
        BeginObject();
        while (NextProperty())
        {
            if (Is("name"u8))
            {
                priority.Name = Text();
            }
            else if (Is("priority"u8))
            {
                priority.Priority = UInt32();
                hasPriority = true;
            }
            else
            {
                SkipValue();
            }
        }

        RequireText(priority.Name, "name");
        Require(hasPriority, "priority");

        return priority;
    }

    private KeyValuePair<string, RdmaResources>[] ReadRdmaMap()
    {
        KeyValuePair<string, RdmaResources>[] items = [];
        int count = 0;
        BeginObject();
        while (NextProperty())
        {
            string key = Key();
            Append(ref items, ref count, new(key, ReadRdma()));
        }

        return PairList.WithoutDuplicates(items, count);
    }

    private RdmaResources ReadRdma()
    {
        var rdma = new RdmaResources();
        BeginObject();
        while (NextProperty())
        {
            if (Is("hcaHandles"u8))
            {
                rdma.HcaHandles = UInt32();
            }
            else if (Is("hcaObjects"u8))
            {
                rdma.HcaObjects = UInt32();
            }
            else
            {
                SkipValue();
            }
        }

        return rdma;
    }
}
