using System.IO;
using System.Text;
using Anocir.Runtime.Cgroups.Statistics;
using Anocir.Runtime.State;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups.Statistics;

/// <summary>The count of out-of-memory kills in the two files that have it.</summary>
public sealed class OomKillsTests
{
    [Theory]
    [InlineData(2, "memory.events", "low 0\nhigh 0\nmax 3\noom 1\noom_kill 0\noom_group_kill 0\n", 0)]
    [InlineData(2, "memory.events", "low 0\nhigh 0\nmax 3\noom 1\noom_kill 2\noom_group_kill 0\n", 2)]
    [InlineData(1, "memory.oom_control", "oom_kill_disable 0\nunder_oom 1\noom_kill 0\n", 0)]
    [InlineData(1, "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 7\n", 7)]
    [InlineData(1, "memory.oom_control", "oom_kill_disable 1\nunder_oom 1\n", 0)]
    [InlineData(1, "memory.stat", "oom_kill 7\n", 7)]
    public void Kills_are_counted(int version, string file, string content, ulong expected)
    {
        Assert.Equal(expected, OomKills.Count(Encoding.ASCII.GetBytes(content)));
        DirectoryInfo directory = Directory.CreateTempSubdirectory("anocir-oom-");
        try
        {
            File.WriteAllText(Path.Combine(directory.FullName, file), content);
            var record = new CgroupRecord { Driver = "cgroupfs", Version = version, Paths = [directory.FullName], Controllers = ["memory"] };
            Assert.Equal(expected != 0 && file != "memory.stat", OomKills.Any(record));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
