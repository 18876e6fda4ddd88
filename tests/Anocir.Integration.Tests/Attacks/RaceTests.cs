using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Anocir.Integration.Tests.Properties;
using Xunit;

namespace Anocir.Integration.Tests.Attacks;

/// <summary>
/// CVE-2021-30465, CVE-2024-45310, CVE-2025-52565: somebody who may write to a volume exchanges a directory for a link, again and again,
/// while a container that mounts something below it is being made. Whichever it meets, nothing may happen outside.
/// </summary>
public sealed class RaceTests : ContainerTest
{
    [Fact]
    public void CVE_2021_30465_a_target_that_is_exchanged_while_it_is_prepared()
    {
        string outside = Directory.CreateDirectory(Temp + "/outside").FullName;
        string volume = Directory.CreateDirectory(Temp + "/volume").FullName;
        _ = Directory.CreateDirectory(volume + "/place");
        _ = File.CreateSymbolicLink(volume + "/exchange", outside);
        Bundle bundle = NewBundle().Mount("/volume", "bind", volume, "rbind").Writable();
        for (int i = 0; i < 8; i++)
        {
            _ = bundle.Mount($"/volume/place/new{i}/deep", "tmpfs", "tmpfs").Mount($"/volume/place/file{i}", "bind", Paths.Probe, "bind");
        }

        bundle.Linux("maskedPaths", """["/volume/place/file0","/volume/place/new0"]""").Linux("readonlyPaths", """["/volume/place/new1"]""");
        bundle.Probe("mounts").Write();
        using Spawned racer = Cli.Start([Paths.Probe, "exchange", volume + "/place", volume + "/exchange"], new());
        for (int i = 0; i < 6; i++)
        {
            CliResult result = Anocir("run", "--bundle", bundle.Dir, Id);

            // A half-made exchange may well be an error, of the mount that met it.
            Assert.True(result.Code == 0 || result.Error.Contains("mounts[", System.StringComparison.Ordinal)
                || result.Error.Contains("Paths[", System.StringComparison.Ordinal), result.ToString());
            Assert.Empty(Directory.GetFileSystemEntries(outside));
            Assert.All(
                new Report(result.Stdout).All("mount").Select(static line => line.Split(' ')[4]),
                point => Assert.True(!point.Contains("deep", System.StringComparison.Ordinal) || !point.StartsWith(outside, System.StringComparison.Ordinal)
                    || Directory.Exists(bundle.Rootfs + outside), point));
        }

        Assert.False(racer.HasEnded);
    }
}
