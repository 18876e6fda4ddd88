using System.Linq;
using Anocir.Plan;
using Anocir.Runtime.Planning;
using Xunit;

namespace Anocir.Runtime.Tests.Planning;

/// <summary>What is made by name in the tmpfs at /dev, and when the plan goes back to resolving each path.</summary>
public sealed class FreshDevTests
{
    private const string Dev = """{"destination":"/dev","type":"tmpfs","source":"tmpfs","options":["nosuid","mode=755"]}""";
    private const string Pts = """{"destination":"/dev/pts","type":"devpts","source":"devpts"}""";
    private const string Shm = """{"destination":"/dev/shm","type":"tmpfs","source":"shm","options":["mode=1777"]}""";
    private const string Bind = """{"destination":"/etc/x","type":"bind","source":"/etc","options":["bind"]}""";
    private const string A64 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Long = "{\"destination\":\"/data\",\"type\":\"tmpfs\",\"source\":\"" + A64 + A64 + A64 + A64 + "\"}"; // by mount(2)
    private const string Sysfs = """{"destination":"/sys","type":"sysfs","source":"sysfs"}""";

    [Theory]
    [InlineData(Dev + "," + Pts + "," + Shm, "pts shm", true)]
    [InlineData(Dev + "," + Sysfs + "," + Pts, "pts", true)]
    [InlineData(Dev + "," + Pts + "," + Bind + "," + Shm, "pts", false)]
    [InlineData(Dev + "," + Pts + "," + Pts, "pts", false)]
    [InlineData(Dev + "," + Shm + "," + """{"destination":"/dev/shm/deeper","type":"tmpfs","source":"t"}""", "shm", false)]
    [InlineData(Dev + "," + """{"destination":"/dev/../dev/pts","type":"devpts","source":"devpts"}""", "", false)]
    [InlineData(Dev + "," + """{"destination":"/sys/../dev","type":"sysfs","source":"sysfs"}""" + "," + Pts, "", false)]
    [InlineData(Dev + "," + """{"destination":"/elsewhere","type":"tmpfs","source":"t"}""" + "," + Pts, "", false)]
    [InlineData(Dev + "," + Pts + "," + Long + "," + Shm, "pts", false)]
    [InlineData(Dev + "," + Long, "", false)]
    [InlineData(Pts, "", false)]
    [InlineData("""{"destination":"/dev","type":"tmpfs","source":"t","options":["tmpcopyup"]}""" + "," + Pts, "", false)]
    [InlineData("""{"destination":"/dev","type":"bind","source":"/dev","options":["bind"]}""" + "," + Pts, "", false)]
    public void NamesAreUsedWhileNothingElseCanBeThere(string mounts, string names, bool untilTheNodes)
    {
        PlanWriter plan = TestPlans.Build(false, "mounts", "[" + mounts + "]");

        string[] attached = [.. plan.Indexes(StepKind.MoveMount).Where(i => plan.At(i).S0 != 0).Select(i => plan.ReadString(plan.At(i).S0))];
        Assert.Equal(names, string.Join(' ', attached));
        Step[] made = [.. plan.Indexes(StepKind.MakeNode).Select(i => plan.At(i))];
        Assert.Equal(attached, made.Where(static step => step.X == 0x41ed).Select(step => plan.ReadString(step.S0)));
        Assert.All(made.Where(static step => step.X != 0x41ed), step => Assert.Equal(untilTheNodes, step.Flags == (ushort)StepFlags.Fresh));
        bool resolvesDev = plan.Indexes(StepKind.ResolveTarget).Any(i => plan.OriginOf(i) == "default devices");
        bool brings = mounts.Contains("\"/dev\",\"type\":\"bind\"", System.StringComparison.Ordinal);
        Assert.Equal(!untilTheNodes && !brings, resolvesDev);
    }

    [Fact]
    public void ANodeOfAnotherOwnerIsChangedAsEver()
    {
        PlanWriter plan = TestPlans.Build(
            false, "mounts", "[" + Dev + "]", "linux/devices", """[{"path":"/dev/x","type":"c","major":1,"minor":3,"uid":5}]""");

        int index = plan.Indexes(StepKind.MakeNode).Single(i => plan.ReadString(plan.At(i).S0) == "x");
        Assert.Equal((ushort)StepFlags.None, plan.At(index).Flags);
    }
}
