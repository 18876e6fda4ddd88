using System.Text.Json;
using Anocir.Runtime.Resctrl;

namespace Anocir.Runtime.State;

/// <content><c>intel_rdt</c>.</content>
public static partial class EventDocument
{
    // Numbers that the CPU counts are there when they are 0; a list of them is null when it counts but has no cache to count in, as with runc.
    private static void WriteResctrl(Utf8JsonWriter json, ResctrlStatistics? resctrl)
    {
        json.WriteStartObject("intel_rdt");
        if (resctrl is not null)
        {
            WriteCache(json, resctrl);
            WriteBandwidth(json, resctrl);
            json.WriteStartArray("schemata");
            foreach (string line in resctrl.Schemata)
            {
                json.WriteStringValue(line);
            }

            json.WriteEndArray();
            WriteUse(json, resctrl);
        }

        json.WriteEndObject();
    }

    private static void WriteCache(Utf8JsonWriter json, ResctrlStatistics resctrl)
    {
        if (resctrl.Cache is { } cache)
        {
            json.WriteStartObject("l3_cache_info");
            NotEmpty(json, "cbm_mask", cache.Mask);
            NotZero(json, "min_cbm_bits", cache.MinimumBits);
            NotZero(json, "num_closids", cache.Classes);
            json.WriteEndObject();
            NotEmpty(json, "l3_cache_schema_root", ResctrlStatistics.Line(resctrl.RootSchemata, "L3"));
            NotEmpty(json, "l3_cache_schema", ResctrlStatistics.Line(resctrl.Schemata, "L3"));
        }
    }

    private static void WriteBandwidth(Utf8JsonWriter json, ResctrlStatistics resctrl)
    {
        if (resctrl.Bandwidth is { } bandwidth)
        {
            json.WriteStartObject("mem_bw_info");
            NotZero(json, "bandwidth_gran", bandwidth.Granularity);
            NotZero(json, "delay_linear", bandwidth.DelayLinear);
            NotZero(json, "min_bandwidth", bandwidth.Minimum);
            NotZero(json, "num_closids", bandwidth.Classes);
            json.WriteEndObject();
            NotEmpty(json, "mem_bw_schema_root", ResctrlStatistics.Line(resctrl.RootSchemata, "MB"));
            NotEmpty(json, "mem_bw_schema", ResctrlStatistics.Line(resctrl.Schemata, "MB"));
        }
    }

    private static void WriteUse(Utf8JsonWriter json, ResctrlStatistics resctrl)
    {
        if (resctrl.BandwidthUse is { } bandwidth && StartList(json, "mbm_stats", bandwidth.Count))
        {
            foreach (BandwidthUse use in bandwidth)
            {
                json.WriteStartObject();
                json.WriteNumber("mbm_total_bytes", use.Total);
                json.WriteNumber("mbm_local_bytes", use.Local);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (resctrl.CacheUse is { } cache && StartList(json, "cmt_stats", cache.Count))
        {
            foreach (ulong bytes in cache)
            {
                json.WriteStartObject();
                json.WriteNumber("llc_occupancy", bytes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }

    private static bool StartList(Utf8JsonWriter json, string name, int count)
    {
        if (count == 0)
        {
            json.WriteNull(name);
            return false;
        }

        json.WriteStartArray(name);
        return true;
    }

    private static void NotEmpty(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WriteString(name, value);
        }
    }
}
