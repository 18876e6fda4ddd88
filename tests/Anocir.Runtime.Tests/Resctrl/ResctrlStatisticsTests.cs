using System;
using System.IO;
using System.Text;
using Anocir.Runtime.Cgroups.Statistics;
using Anocir.Runtime.Resctrl;
using Anocir.Runtime.State;
using Anocir.Runtime.Tests.State;
using Xunit;

namespace Anocir.Runtime.Tests.Resctrl;

/// <summary>From a directory that looks like the kernel's resctrl file system to <c>intel_rdt</c> of events.</summary>
public sealed class ResctrlStatisticsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public ResctrlStatisticsTests()
    {
        Put("info/L3/cbm_mask", "7ff\n");
        Put("info/L3/min_cbm_bits", "1\n");
        Put("info/L3/num_closids", "16\n");
        Put("info/MB/bandwidth_gran", "10\n");
        Put("info/MB/delay_linear", "1\n");
        Put("info/MB/min_bandwidth", "10\n");
        Put("info/MB/num_closids", "8\n");
        Put("info/L3_MON/mon_features", "llc_occupancy\nmbm_total_bytes\nmbm_total_bytes_config\nmbm_local_bytes\n");
        Put("schemata", "    MB:0=100;1=100\n    L3:0=7ff;1=7ff\n");
        Put("c1/schemata", "    MB:0= 20;1=100\n    L3:0=7f0;1=01f\n");
        Count("c1", 1);
        Count("c1/mon_groups/c1", 2);
        _ = Directory.CreateDirectory(Root + "/c1/mon_data/mon_PERF_PKG_00");
        Put("c1/mon_data/a_file", "");
    }

    private const string Cache = """
        "l3_cache_info":{"cbm_mask":"7ff","min_cbm_bits":1,"num_closids":16},"l3_cache_schema_root":"L3:0=7ff;1=7ff","l3_cache_schema":"L3:0=7f0;1=01f",
        """;

    private const string Bandwidth = """
        "mem_bw_info":{"bandwidth_gran":10,"delay_linear":1,"min_bandwidth":10,"num_closids":8},"mem_bw_schema_root":"MB:0=100;1=100","mem_bw_schema":"MB:0= 20;1=100",
        """;

    private const string Schemata = """
        "schemata":["MB:0= 20;1=100","    L3:0=7f0;1=01f"]
        """;

    private string Root => _directory.Path;

    [Theory]
    [InlineData(false, ""","mbm_stats":[{"mbm_total_bytes":1000,"mbm_local_bytes":100},{"mbm_total_bytes":1001,"mbm_local_bytes":101}],"cmt_stats":[{"llc_occupancy":10},{"llc_occupancy":11}]""")]
    [InlineData(true, ""","mbm_stats":[{"mbm_total_bytes":2000,"mbm_local_bytes":200},{"mbm_total_bytes":2001,"mbm_local_bytes":201}],"cmt_stats":[{"llc_occupancy":20},{"llc_occupancy":21}]""")]
    public void All_that_the_cpu_has_is_told(bool monitored, string use) => Assert.Equal(Cache + Bandwidth + Schemata + use, Line(monitored));

    [Theory]
    [InlineData("info/L3", Bandwidth + Schemata)]
    [InlineData("info/MB", Cache + Schemata)]
    public void What_the_cpu_lacks_is_left_out(string missing, string line)
    {
        Directory.Delete(Root + "/" + missing, recursive: true);
        Directory.Delete(Root + "/info/L3_MON", recursive: true);

        Assert.Equal(line, Line());
    }

    [Theory]
    [InlineData("llc_occupancy\n", ""","cmt_stats":[{"llc_occupancy":10},{"llc_occupancy":11}]""")]
    [InlineData("mbm_local_bytes\n", ""","mbm_stats":[{"mbm_total_bytes":0,"mbm_local_bytes":100},{"mbm_total_bytes":0,"mbm_local_bytes":101}]""")]
    public void What_is_not_counted_is_left_out(string features, string use)
    {
        Put("info/L3_MON/mon_features", features);

        Assert.Equal(Cache + Bandwidth + Schemata + use, Line());
    }

    [Fact]
    public void A_counter_without_a_value_is_0()
    {
        Put("c1/mon_data/mon_L3_00/llc_occupancy", "Unavailable\n");
        Put("info/L3_MON/mon_features", "llc_occupancy\n");

        Assert.EndsWith(""","cmt_stats":[{"llc_occupancy":0},{"llc_occupancy":11}]""", Line(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_cache_to_count_in_the_lists_are_null()
    {
        Directory.Delete(Root + "/c1/mon_data", recursive: true);

        Assert.EndsWith(""","mbm_stats":null,"cmt_stats":null""", Line(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_group_or_file_system_it_is_empty()
    {
        var record = new ResctrlRecord { Group = Root + "/gone" };

        Assert.Null(ResctrlStatistics.Read(Root, record));
        Assert.Null(ResctrlStatistics.Read(Root, null));
        Assert.Null(ResctrlStatistics.Read(null, new ResctrlRecord { Group = Root + "/c1" }));
        Assert.Equal("", Rdt(null));
    }

    public void Dispose() => _directory.Dispose();

    private string Line(bool monitored = false) => Rdt(ResctrlStatistics.Read(
        Root, new ResctrlRecord { Group = Root + "/c1", Monitor = monitored ? Root + "/c1/mon_groups/c1" : null }));

    private static string Rdt(ResctrlStatistics? statistics)
    {
        string line = Encoding.UTF8.GetString(EventDocument.Stats("c1", new CgroupStatistics(), statistics).Span);
        const string Start = "\"intel_rdt\":{", End = "},\"network_interfaces\"";
        int start = line.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        return line[start..line.IndexOf(End, start, StringComparison.Ordinal)];
    }

    private void Count(string group, int factor)
    {
        for (int domain = 0; domain < 2; domain++)
        {
            string directory = $"{group}/mon_data/mon_L3_0{domain}/";
            Put(directory + "llc_occupancy", $"{(factor * 10) + domain}\n");
            Put(directory + "mbm_total_bytes", $"{(factor * 1000) + domain}\n");
            Put(directory + "mbm_local_bytes", $"{(factor * 100) + domain}\n");
        }
    }

    private void Put(string file, string text)
    {
        string path = Root + "/" + file;
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
