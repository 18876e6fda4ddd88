using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>process.terminal and process.consoleSize. How the terminal is handed over is the lifecycle's matter.</summary>
public sealed class TerminalTests : ContainerTest
{
    [Fact]
    public void The_console_is_a_terminal_of_the_containers_own_devpts_with_the_size_of_the_config()
    {
        Bundle bundle = NewBundle().Process("terminal", "true").Process("consoleSize", """{"height":33,"width":77}""");
        bundle.Probe("tty", "stat", "/dev/console", "stat", "/dev/pts/0", "mounts");
        bundle.Write();

        CliResult result = Ok("run", "--bundle", bundle.Dir, Id);

        Report inside = new(result.Stdout);
        Assert.Equal("33 77", inside["winsize"]);
        Assert.Equal("open", inside["dev-tty"]);
        Assert.Equal("1", inside["foreground"]);
        Assert.StartsWith("/dev/console char 0620 0 5 136:0 ", inside.All("stat")[0], System.StringComparison.Ordinal);
        Assert.StartsWith("/dev/pts/0 char 0620 0 5 136:0 ", inside.All("stat")[1], System.StringComparison.Ordinal);
        Assert.Equal("devpts", MountLine.At(inside, "/dev/console").Type);
    }
}
