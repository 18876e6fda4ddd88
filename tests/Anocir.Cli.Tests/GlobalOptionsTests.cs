using System.IO;
using System.Text;
using Anocir.Cli.CommandLine;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Logging;
using Xunit;

namespace Anocir.Cli.Tests;

public sealed class GlobalOptionsTests
{
    [Theory]
    [InlineData("/r", "/r")]
    [InlineData("/r/", "/r")]
    [InlineData("/a/../r/./x//", "/r/x")]
    public void RootIsMadeAbsoluteAndClean(string given, string expected)
    {
        RuntimeOptions options = Read("--root", given);
        Assert.Equal(expected, options.Root);
        Assert.True(options.RootIsExplicit);
        Assert.False(options.RootIsInRuntimeDir);
    }

    [Fact]
    public void ARelativeRootCountsFromTheWorkingDirectory() =>
        Assert.Equal(Directory.GetCurrentDirectory() + "/r", Read("--root", "r").Root);

    [Theory]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("/a/..")]
    [InlineData("/../..")]
    public void TheHostsRootIsRefused(string root) =>
        Assert.Equal("option --root: must not be '/'", Assert.Throws<ContainerException>(() => Read("--root", root)).Message);

    [Theory]
    [InlineData(CgroupManager.Cgroupfs)]
    [InlineData(CgroupManager.Systemd, "--systemd-cgroup")]
    [InlineData(CgroupManager.Cgroupfs, "--systemd-cgroup=false")]
    [InlineData(CgroupManager.Systemd, "--cgroup-manager", "systemd")]
    [InlineData(CgroupManager.Cgroupfs, "--cgroup-manager=cgroupfs")]
    [InlineData(CgroupManager.Disabled, "--cgroup-manager=disabled")]
    public void CgroupManagers(CgroupManager expected, params string[] args) => Assert.Equal(expected, Read(args).CgroupManager);

    /// <summary>go-runc gives it to every command where an engine has a path of criu; runc takes it since 1.1 without any effect.</summary>
    [Fact]
    public void Criu_is_passed_over() => Assert.Equal("/run/x", Read("--criu", "/usr/sbin/criu", "--root", "/run/x").Root);

    [Theory]
    [InlineData(null)]
    [InlineData(null, "--rootless", "auto")]
    [InlineData(true, "--rootless", "true")]
    [InlineData(true, "--rootless=1")]
    [InlineData(false, "--rootless=false")]
    public void Rootless(bool? expected, params string[] args) => Assert.Equal(expected, Read(args).Rootless);

    [Theory]
    [InlineData("invalid log-format: xml", "--log-format", "xml")]
    [InlineData("invalid log-level: loud", "--log-level", "loud")]
    [InlineData("invalid cgroup-manager: none", "--cgroup-manager", "none")]
    [InlineData("invalid rootless: maybe: must be true, false or auto", "--rootless", "maybe")]
    [InlineData("option --root: must not contain a NUL byte", "--root", "/a\0b")]
    [InlineData("cannot open '/nowhere/log': no such file or directory (ENOENT)", "--log", "/nowhere/log")]
    public void Errors(string message, params string[] args) =>
        Assert.Equal(message, Assert.Throws<ContainerException>(() => Read(args)).Message);

    [Theory]
    [InlineData(LogLevel.Warning, false)]
    [InlineData(LogLevel.Debug, false, "--debug")]
    [InlineData(LogLevel.Debug, false, "--debug", "--log-level", "error")]
    [InlineData(LogLevel.Error, true, "--log-level", "error", "--log-format", "json")]
    [InlineData(LogLevel.Info, false, "--log-level", "info", "--log-format=")]
    public void Logging(LogLevel level, bool json, params string[] args)
    {
        using Logger log = GlobalOptions.OpenLog(Arguments.ParseGlobal(args));
        Assert.Equal(level, log.Level);
        Assert.Equal(json, log.IsJson);
        Assert.False(log.HasFile);
    }

    [Theory]
    [InlineData("         0          0 4294967295\n", true)]
    [InlineData("         0       1000          1\n", false)]
    [InlineData("0 0 4294967295\n1 2 3\n", false)]
    [InlineData("", false)]
    public void UserNamespacesAreToldByTheirMap(string map, bool isInitial) =>
        Assert.Equal(isInitial, Caller.IsInitialMap(Encoding.ASCII.GetBytes(map)));

    private static RuntimeOptions Read(params string[] args)
    {
        Arguments global = Arguments.ParseGlobal(args);
        return GlobalOptions.Read(global, args, GlobalOptions.OpenLog(global));
    }
}
