using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Anocir.Integration.Tests.Properties;
using Xunit;

namespace Anocir.Integration.Tests.Attacks;

/// <summary>Parts of a configuration that strangers may have written (variables, names, annotations) and what they were once good for.</summary>
public sealed class HostileConfigTests : ContainerTest
{
    /// <summary>A length that overflowed a field of 16 bits let the rest of a string be taken for other settings, such as no user namespace.</summary>
    [Fact]
    public void CVE_2021_43784_a_length_beyond_16_bits_is_neither_cut_nor_wrapped()
    {
        Require.UserNamespaces();
        string value = new('x', 0x10000 + 100);
        Bundle bundle = NewBundle().UserNamespace().Process("env", $"""["PATH=/bin","BIG={value}","AFTER=1"]""");
        bundle.Config["annotations"] = JsonNode.Parse($$"""{"big":"{{value}}"}""");

        Report inside = Probe(bundle, "env", "read", "/proc/self/uid_map");

        Assert.Equal(["PATH=/bin", "BIG=" + value, "AFTER=1", "HOME=/root"], inside.All("env"));
        Assert.Equal(["0", "100000", "65536"], inside["/proc/self/uid_map"].Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        bundle.Namespace("uts", "/" + value).Write();
        CliResult result = Anocir("run", "--bundle", bundle.Dir, Id);
        Assert.Equal((1, true), (result.Code, result.Error.Contains("file name too long (ENAMETOOLONG)", StringComparison.Ordinal)));
    }

    /// <summary>Settings for a handler were written through the image's link at the name that they have.</summary>
    [Fact]
    public void CVE_2025_24965_no_annotation_writes_through_a_link_of_the_image()
    {
        Bundle bundle = NewBundle();
        string outside = Temp + "/outside";
        foreach (string name in (string[])[".krun_vm.json", ".krun_config.json"])
        {
            _ = File.CreateSymbolicLink($"{bundle.Rootfs}/{name}", outside);
        }

        bundle.Config["annotations"] = JsonNode.Parse("""{"run.oci.handler":"krun","krun.cpus":"1","krun.ram_mib":"1","module.wasm.image/variant":"compat"}""");

        Report inside = Probe(bundle, "ids");

        Assert.Equal("0 0 0 0", inside["uid"]);
        Assert.False(Path.Exists(outside));
    }

    /// <summary>A directory of the host at /dev is its owner's: nothing is made or removed in it, however the destination is spelled.</summary>
    [Theory]
    [InlineData("//dev")]
    [InlineData("/dev/.")]
    [InlineData("dev")]
    public void A_bound_dev_is_not_written_to(string destination)
    {
        string host = Directory.CreateDirectory(Temp + "/host").FullName;
        File.WriteAllText(host + "/ptmx", "host");
        Bundle bundle = NewBundle().Mount(destination, "bind", host, "bind").Probe("read", "/dev/ptmx");
        bundle.Write();

        CliResult result = Anocir("run", "--bundle", bundle.Dir, Id);

        Assert.Equal(["ptmx"], Directory.GetFileSystemEntries(host).Select(Path.GetFileName));
        Assert.Equal("host", File.ReadAllText(host + "/ptmx"));
        Assert.True(result.Code == 0, result.ToString());
        Assert.Equal("host", new Report(result.Stdout)["/dev/ptmx"].Trim());
        Assert.Equal(destination == "dev", result.Stderr.Contains("is deprecated, taking it as relative to /", StringComparison.Ordinal));
    }
}
