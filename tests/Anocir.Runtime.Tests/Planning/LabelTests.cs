using System;
using System.Linq;
using Anocir.Plan;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Planning;
using Anocir.Runtime.SecurityModules;
using Anocir.Runtime.Spec;
using Anocir.Runtime.Tests.Validation;
using Anocir.Runtime.Validation;
using Xunit;

namespace Anocir.Runtime.Tests.Planning;

/// <summary>AppArmor profiles and SELinux labels: the steps for a machine that has the module, the refusal on one that has not.</summary>
public sealed class LabelTests
{
    private const string Label = "system_u:system_r:container_t:s0:c4,c5";

    [Theory]
    [InlineData(false, "exec docker-default")]
    [InlineData(true, "stack docker-default")]
    public void The_profile_is_written_behind_the_hooks_and_before_the_new_root(bool stack, string text)
    {
        PlanWriter plan = TestPlans.Build(
            stack, "process/apparmorProfile", "\"docker-default\"", "hooks", """{"createContainer":[{"path":"/x"}]}""");

        (int index, _, string content) = Assert.Single(plan.Writes(), static write => write.File == "thread-self/attr/apparmor/exec");

        Assert.Equal(text, content);
        Assert.InRange(index, plan.IndexOf(StepKind.RunHook), plan.IndexOf(StepKind.PivotRoot));
        Assert.Equal("process.apparmorProfile", plan.OriginOf(index));
        Assert.NotEqual(Step.NoSlot, plan.At(index).SlotB); // below init's own procfs, never by the container's path
        Assert.Equal(
            "cannot write 'thread-self/attr/apparmor/exec' for 'docker-default' (process.apparmorProfile): no such file or directory (ENOENT); "
            + "hint: the profile is not loaded on this host, see apparmor_status(8)",
            StepText.Describe(plan, index, Linux.Errno.ENOENT, 0, ""));
    }

    [Fact]
    public void The_label_is_written_for_the_program_and_around_its_keyring()
    {
        PlanWriter plan = TestPlans.Build(false, "process/selinuxLabel", $"\"{Label}\"");

        (int Index, string File, string Content)[] writes = [.. plan.Writes().Where(static write => write.File.Contains("attr/", StringComparison.Ordinal))];

        Assert.Equal(
            [("thread-self/attr/keycreate", Label), ("thread-self/attr/keycreate", "\n"), ("thread-self/attr/exec", Label)],
            writes.Select(static write => (write.File, write.Content)));
        Assert.InRange(plan.IndexOf(StepKind.JoinSessionKeyring), writes[0].Index, writes[1].Index);
        Assert.InRange(writes[2].Index, writes[1].Index, plan.IndexOf(StepKind.PivotRoot));
    }

    [Theory]
    [InlineData("apparmorProfile", "thread-self/attr/apparmor/exec", "stack docker-default")]
    [InlineData("selinuxLabel", "thread-self/attr/exec", "docker-default")]
    public void A_process_that_exec_adds_gets_its_label_before_its_identity(string property, string file, string text)
    {
        var process = new Process { Cwd = "/", Args = ["/x"], ApparmorProfile = property == "apparmorProfile" ? "docker-default" : null };
        process.SelinuxLabel = property == "selinuxLabel" ? "docker-default" : null;
        PlanWriter plan = ExecPlanner.Build(new ExecInputs
        {
            Plan = new PlanInputs
            {
                Config = new RuntimeConfig { Process = process, Linux = new LinuxConfig() },
                Bundle = "/bundle",
                Rootfs = "/bundle/rootfs",
                Id = "c1",
                IsExec = true,
                StackApparmorProfile = true,
            },
            InitPidfd = -1,
        });

        (int index, _, string content) = Assert.Single(plan.Writes(), write => write.File == file);

        Assert.Equal(text, content);
        Assert.InRange(index, plan.IndexOf(StepKind.CloneInit), plan.IndexOf(StepKind.DropBoundingCaps));
        Assert.NotEqual(Step.NoSlot, plan.At(index).SlotB);

        // Where no new procfs is to be had the container's /proc stands in for it, which may be another file system.
        int opened = plan.IndexOf(StepKind.OpenTree);
        Step verify = plan.At(opened + 1);
        Assert.Equal(((ushort)StepKind.VerifyFile, plan.At(opened).SlotA, 0x9fa0UL), (verify.Kind, verify.SlotA, verify.Z));
    }

    [Fact]
    public void Without_a_label_no_procfs_is_mounted_for_it() => Assert.DoesNotContain(
        TestPlans.Build(false).Writes(), static write => write.File.StartsWith("thread-self", StringComparison.Ordinal));

    [Theory]
    [InlineData(null, "context")]
    [InlineData("rootcontext", "rootcontext")]
    public void Mounts_have_the_label_except_those_that_the_policy_labels(string? type, string key)
    {
        string[] annotation = type is null ? [] : ["annotations", $$"""{"run.oci.mount_context_type":"{{type}}"}"""];
        PlanWriter plan = TestPlans.Build(false, [.. annotation, "linux/mountLabel", $"\"{Label}\""]);
        string option = $"{key}={Label}";

        Assert.DoesNotContain(option, plan.Options("mounts[0]")); // proc
        Assert.Contains(option, plan.Options("mounts[1]")); // /dev
        Assert.Contains(option, plan.Options("mounts[2]")); // devpts
        Assert.Contains(option, plan.Options("mounts[3]")); // shm
        Assert.DoesNotContain(option, plan.Options("mounts[4]")); // mqueue
        Assert.DoesNotContain(option, plan.Options("mounts[5]")); // sysfs
        Assert.Contains(option, plan.Options("linux.maskedPaths"));
        Assert.Equal(
            [("mounts[4]", "security.selinux", Label, Label.Length + 1L)],
            plan.Indexes(StepKind.SetAttribute).Select(
                i => (plan.OriginOf(i), plan.ReadString(plan.At(i).S0), plan.ReadString(plan.At(i).S1), (long)plan.At(i).L)));
    }

    [Fact]
    public void A_long_option_takes_the_label_along_quoted()
    {
        string mount = $$"""{"destination":"/x","type":"tmpfs","source":"tmpfs","options":["mode=755","x={{new string('y', 300)}}"]}""";
        PlanWriter plan = TestPlans.Build(false, "linux/mountLabel", $"\"{Label}\"", "mounts/-", mount);

        int index = Assert.Single(plan.Indexes(StepKind.MountOnFd));

        Assert.EndsWith($",context=\"{Label}\"", plan.ReadString(plan.At(index).S2), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("process/apparmorProfile", "process.apparmorProfile: apparmor: config provided but apparmor not supported, got \"x\"")]
    [InlineData("process/selinuxLabel",
        "process.selinuxLabel: selinux label is specified in config, but selinux is disabled or not supported, got \"x\"")]
    public void Without_the_module_the_process_is_refused(string path, string message)
    {
        var process = new Process { ApparmorProfile = path.EndsWith("Profile", StringComparison.Ordinal) ? "x" : null };
        process.SelinuxLabel = process.ApparmorProfile is null ? "x" : null;

        Assert.Equal("invalid config: " + message, Assert.Throws<ContainerException>(() => LabelChecks.Check(process, false, false)).Message);
        LabelChecks.Check(process, true, true);
    }

    [Fact]
    public void Without_the_module_the_mounts_are_refused()
    {
        LabelChecks.CheckMounts("x", seLinux: true);
        Assert.Equal(
            "invalid config: linux.mountLabel: selinux label is specified in config, but selinux is disabled or not supported, got \"x\"",
            Assert.Throws<ContainerException>(() => LabelChecks.CheckMounts("x", seLinux: false)).Message);
    }

    [Theory]
    [InlineData("process/apparmorProfile", "\"a\\nb\"", "process.apparmorProfile: must be one line, got \"a\\nb\"")]
    [InlineData("process/selinuxLabel", "\"a\\nb\"", "process.selinuxLabel: must be one line, got \"a\\nb\"")]
    [InlineData("linux/mountLabel", "\"a\\nb\"", "linux.mountLabel: must be one line, got \"a\\nb\"")]
    public void Wrong_value_is_refused(string path, string value, string message) => Assert.Equal(message, TestConfig.Refused(path, value));

    [Theory]
    [InlineData("docker-default (enforce)\n", true)]
    [InlineData("unconfined\n", false)]
    [InlineData("", false)]
    public void Confinement_is_read_from_the_kernels_text(string text, bool confined) => Assert.Equal(confined, AppArmor.IsConfinement(text));
}
