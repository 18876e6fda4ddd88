using System;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>process.selinuxLabel and linux.mountLabel on a kernel with SELinux, which checks each label and shows it.</summary>
[Trait("Lane", "selinux")]
public sealed class SelinuxTests : ContainerTest
{
    private const string Label = "system_u:system_r:container_t:s0:c1,c2";
    private const string OtherLabel = "system_u:system_r:container_t:s0:c3";
    private const string FileLabel = "system_u:object_r:container_file_t:s0:c1,c2";
    private const string ShowLabel = "tr -d '\\0' </proc/self/attr/current";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_program_and_what_was_mounted_for_it_have_their_labels(bool noNewPrivileges)
    {
        Require.Selinux();
        Bundle bundle = Labelled().Process("noNewPrivileges", noNewPrivileges ? "true" : "false")
            .Shell(ShowLabel + "; echo; grep -F context= /proc/self/mounts | cut -d' ' -f2,4; for f in exec fscreate; do tr -d '\\0' </proc/self/attr/$f; done");
        bundle.Write();

        string[] lines = Ok("run", "--bundle", bundle.Dir, Id).Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(Label, lines[0].Trim());
        Assert.All(lines[1..], line => Assert.Contains($"context=\"{FileLabel}\"", line, StringComparison.Ordinal));
        string[] mounts = [.. lines[1..].Select(line => line.Split(' ')[0])];
        Assert.Contains("/dev", mounts);
        Assert.Contains("/dev/pts", mounts);
        Assert.Contains("/dev/shm", mounts);
    }

    [Fact]
    public void Exec_has_the_configured_label_or_that_of_its_option()
    {
        Require.Selinux();
        Bundle bundle = Labelled().Args("/bin/sleep", "1000");
        bundle.Write();
        _ = Ok("run", "--detach", "--bundle", bundle.Dir, Id);

        Assert.Equal(Label, Ok("exec", Id, "/bin/sh", "-c", ShowLabel).Stdout.Trim());
        Assert.Equal(OtherLabel, Ok("exec", "--process-label", OtherLabel, Id, "/bin/sh", "-c", ShowLabel).Stdout.Trim());
        Delete();
    }

    [Fact]
    public void A_label_that_the_policy_does_not_know_is_named()
    {
        Require.Selinux();
        const string Unknown = "system_u:system_r:nothing_t:s0";
        Bundle bundle = Labelled().Args("/bin/true").Process("selinuxLabel", $"\"{Unknown}\"");
        bundle.Write();
        _ = Fails(
            $"'{Unknown}' (process.selinuxLabel): invalid argument (EINVAL); hint: the loaded SELinux policy has no such context", "run", "--bundle", bundle.Dir, Id);

        bundle = Labelled().Args("/bin/true");
        bundle.Linux["mountLabel"] = "wrong";
        bundle.Write();
        _ = Fails("cannot configure mount 'context=wrong' for '/dev'", "run", "--bundle", bundle.Dir, Id);
    }

    private Bundle Labelled()
    {
        Bundle bundle = NewBundle().Process("selinuxLabel", $"\"{Label}\"");
        bundle.Linux["mountLabel"] = FileLabel;
        return bundle;
    }
}
