using System;
using System.IO;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Lifecycle;

/// <summary>What create accepts, refuses and leaves.</summary>
public sealed class CreateTests : ContainerTest
{
    [Fact]
    public void A_created_container_has_not_run_its_program()
    {
        Bundle bundle = NewBundle().Shell("touch /started");
        bundle.Config["root"]!["readonly"] = false;

        _ = Create(bundle);

        Assert.Equal("created", Status());
        Assert.False(File.Exists(bundle.Rootfs + "/started"));
        Assert.Equal("anocir:init", Proc.Comm(Pid()));
        Delete();
    }

    [Fact]
    public void The_bundle_is_the_working_directory_by_default()
    {
        Bundle bundle = NewBundle().Probe("print", "hello");
        bundle.Write();

        CliResult result = Anocir(new SpawnOptions { Cwd = bundle.Dir }, "run", Id);

        Assert.Equal((0, "print\thello\n", ""), (result.Code, result.Stdout, result.Stderr));
    }

    [Fact]
    public void Config_names_another_file()
    {
        Bundle bundle = NewBundle().Probe("print", "other");
        bundle.Write();
        File.Move(bundle.Dir + "/config.json", Temp + "/elsewhere.json");

        CliResult result = Ok("run", "--bundle", bundle.Dir, "--config", Temp + "/elsewhere.json", Id);

        Assert.Equal("print\tother\n", result.Stdout);
    }

    [Fact]
    public void Changes_of_the_config_after_create_have_no_effect()
    {
        Bundle bundle = NewBundle().Probe("print", "first");
        using Spawned created = CreateWithOutput(bundle);
        bundle.Probe("print", "second").Hook("poststop", "/bin/busybox", ["touch", Temp + "/poststop"]);
        bundle.Config["hostname"] = "changed";
        bundle.Write();

        _ = Ok("start", Id);
        WaitForStatus("stopped");

        Assert.Equal("print\tfirst\n", created.Stdout);
        Delete();
        Assert.False(File.Exists(Temp + "/poststop"));
    }

    [Fact]
    public void Start_needs_no_config_in_the_bundle()
    {
        Bundle bundle = NewBundle().Probe("print", "kept");
        using Spawned created = CreateWithOutput(bundle);
        File.Delete(bundle.Dir + "/config.json");

        _ = Ok("start", Id);

        created.WaitForOutput("kept");
        WaitForStatus("stopped");
        _ = Ok("delete", Id);
    }

    [Fact]
    public void An_id_is_taken_once()
    {
        Bundle bundle = NewBundle();
        _ = Create(bundle);

        _ = Fails("container with given ID already exists", "create", "--bundle", bundle.Dir, Id);
        _ = Fails("container with given ID already exists", "run", "--bundle", bundle.Dir, Id);

        Assert.Equal("created", Status());
        Delete();
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("ü")]
    public void Bad_ids_are_refused(string id)
    {
        Bundle bundle = NewBundle();
        bundle.Write();

        _ = Fails("invalid container ID format", "create", "--bundle", bundle.Dir, id);
    }

    [Fact]
    public void An_empty_id_is_refused()
    {
        _ = Fails("container id cannot be empty", "create", "--bundle", NewBundle().Dir, "");
    }

    [Fact]
    public void Ids_may_hold_every_allowed_character()
    {
        string id = Tag + "._+-Az09";
        _ = CreateAs(id, NewBundle());

        Assert.Equal("created", Status(id));
        Delete(id);
    }

    [Fact]
    public void A_missing_config_is_named()
    {
        Bundle bundle = NewBundle();

        _ = Fails("JSON specification file config.json not found", "create", "--bundle", bundle.Dir, Id);
    }

    [Fact]
    public void A_missing_bundle_is_named()
    {
        _ = Fails($"JSON specification file config.json not found in '{Temp}/absent'", "create", "--bundle", Temp + "/absent", Id);
    }

    [Fact]
    public void A_missing_root_filesystem_is_named()
    {
        Bundle bundle = NewBundle();
        bundle.Config["root"]!["path"] = "absent";
        bundle.Write();

        CliResult result = Fails("no such file or directory (ENOENT)", "create", "--bundle", bundle.Dir, Id);

        Assert.Contains($"'{bundle.Dir}/absent'", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("absent", "exec: \"absent\": executable file not found in $PATH")]
    [InlineData("/bin/absent", "exec: \"/bin/absent\": stat /bin/absent: no such file or directory")]
    [InlineData("./absent", "exec: \"./absent\": stat ./absent: no such file or directory")]
    [InlineData("/etc/passwd", "exec: \"/etc/passwd\": permission denied")]
    [InlineData("passwd", "exec: \"passwd\": executable file not found in $PATH")]
    [InlineData("/etc/passwd/x", "exec: \"/etc/passwd/x\": stat /etc/passwd/x: not a directory")]
    [InlineData("/bin", "exec: \"/bin\": is a directory")]
    public void A_program_that_cannot_be_executed_fails_create(string program, string message)
    {
        Bundle bundle = NewBundle().Args(program);
        bundle.Write();

        _ = Fails("anocir create failed: " + message, "create", "--bundle", bundle.Dir, Id);
        _ = Fails("container does not exist", "state", Id);
        _ = Fails("anocir run failed: " + message, "run", "--bundle", bundle.Dir, Id);
    }

    [Fact]
    public void The_program_is_looked_for_in_the_path_of_the_config()
    {
        Bundle bundle = NewBundle().Args("tool");
        _ = Directory.CreateDirectory(bundle.Rootfs + "/tools");
        File.Copy(Paths.Probe, bundle.Rootfs + "/tools/tool");
        bundle.Process["env"] = Bundle.Json("PATH=/bin:/tools");

        _ = RunBundle(bundle);
    }

    [Fact]
    public void A_container_without_a_process_can_be_created_but_not_started()
    {
        Bundle bundle = NewBundle();
        _ = bundle.Config.Remove("process");
        _ = Create(bundle);
        Assert.Equal("created", Status());

        _ = Fails("invalid config: process: is required to start a container", "start", Id);

        WaitForStatus("stopped");
        _ = Ok("delete", Id);
    }
}
