using System;
using System.Globalization;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>linux.netDevices: a device of the host is in the container, with name, addresses and state, and gone from the host.</summary>
public sealed class NetDeviceTests : ContainerTest
{
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"av{Environment.ProcessId}a");
    private readonly string _peer = string.Create(CultureInfo.InvariantCulture, $"av{Environment.ProcessId}b");

    [Fact]
    public void A_device_moves_with_its_global_addresses_and_is_up()
    {
        Require.NewEthernetPair(_name, _peer);
        try
        {
            Ip("link", "set", _name, "mtu", "1400");
            Ip("addr", "add", "10.99.1.2/24", "dev", _name);
            Ip("addr", "add", "fd00:99::2/64", "dev", _name);
            Ip("link", "set", _name, "up");
            Bundle bundle = NewBundle().Linux("netDevices", $$"""{"{{_name}}":{"name":"lan"} }""").Shell("ip addr show dev lan; ip link show dev lan");

            string inside = RunBundle(bundle).Stdout;

            Assert.Contains("inet 10.99.1.2/24 ", inside, StringComparison.Ordinal);
            Assert.Contains("inet6 fd00:99::2/64 ", inside, StringComparison.Ordinal);
            Assert.Contains("mtu 1400 ", inside, StringComparison.Ordinal);
            Assert.Contains(",UP", inside, StringComparison.Ordinal);
            Assert.DoesNotContain(Host(), line => line.Contains(_name, StringComparison.Ordinal));

            // With the namespace the kernel removes a veth, and with it its peer.
            Deadline.WaitFor(() => !Host().Any(line => line.Contains(_peer, StringComparison.Ordinal)), "the pair to go");
        }
        finally
        {
            _ = Busybox("ip", "link", "del", _name);
            _ = Busybox("ip", "link", "del", _peer);
        }
    }

    [Fact]
    public void A_missing_device_and_a_taken_name_are_errors()
    {
        Bundle bundle = NewBundle().Linux("netDevices", """{"nosuchdevice":{}}""");
        bundle.Write();
        _ = Fails("cannot find network device 'nosuchdevice' (linux.netDevices[\"nosuchdevice\"]): no such device (ENODEV)",
            "run", "--bundle", bundle.Dir, Id);

        Require.NewEthernetPair(_name, _peer);
        try
        {
            _ = bundle.Linux("netDevices", $$"""{"{{_name}}":{"name":"lo"} }""");
            bundle.Write();
            _ = Fails($"cannot move network device '{_name}' (linux.netDevices[\"{_name}\"]): file exists (EEXIST); hint: the container's network "
                + "namespace has a device of that name", "run", "--bundle", bundle.Dir, Id);
        }
        finally
        {
            _ = Busybox("ip", "link", "del", _name);
        }
    }

    private static string[] Host() => Proc.Lines("/proc/net/dev");

    private static void Ip(params string[] words) => Assert.Equal(0, Busybox(["ip", .. words]).Code);

    private static CliResult Busybox(params string[] words) => Cli.Execute(["/bin/busybox", .. words], new SpawnOptions());
}
