using System.Text;
using Anocir.Runtime.Planning;
using Xunit;

namespace Anocir.Runtime.Tests.Planning;

public sealed class HostViewTests
{
    [Fact]
    public void Whole_proc_and_sysfs_outside_the_root_are_found_once() => Assert.Equal(["/proc", "/sys", "/with space"], HostViews.Find(
        Encoding.ASCII.GetBytes("""
        21 1 0:20 / / rw - ext4 /dev/vda rw
        22 21 0:21 / /proc rw shared:3 - proc proc rw
        23 22 0:22 / /proc/sys/fs/binfmt_misc rw - autofs x rw
        24 21 0:23 / /sys rw - sysfs sysfs rw
        25 21 0:21 /sys /other/sys rw - proc proc rw
        26 22 0:21 / /proc rw - proc proc rw
        27 21 0:30 / /b/rootfs/proc rw - proc proc rw
        28 21 0:31 / /with\040space rw - proc proc rw

        """),
        "/b/rootfs"));
}
