using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Engines;

/// <summary>The calls of engines, replayed one by one: the words, the output and the files they rely on. See also tests/engines.</summary>
public sealed class EngineCallTests : ContainerTest
{
    public static TheoryData<string> Engines() => [.. EngineCalls.All.Keys];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Each_call_of(string engine)
    {
        Require.Controller("pids");
        Bundle bundle = NewBundle();
        bool runs = engine == "BuildKit";
        _ = runs ? bundle.Shell("exit 3") : bundle.Probe("catch", "64");
        string dir = Directory.CreateDirectory(Temp + "/engine").FullName;
        WriteFiles(dir);

        List<int> masters = [];
        foreach (EngineCall call in EngineCalls.All[engine])
        {
            using var scene = new EngineScene(Fresh(dir), masters, () => Status());
            bundle.Process["terminal"] = call.Words.Contains(" create ", StringComparison.Ordinal) && call.Words.Contains("{console}", StringComparison.Ordinal);
            bundle.Write();
            Replay(call, bundle, scene);
        }

        masters.ForEach(static fd => Native.close(fd));
        Assert.Empty(Directory.GetFileSystemEntries(Root));
    }

    // Engines give their runtimes little of an environment: Podman only this.
    private void Replay(EngineCall call, Bundle bundle, EngineScene scene)
    {
        string Filled(string text) => text.Replace("{root}", Root).Replace("{bundle}", bundle.Dir).Replace("{dir}", scene.Dir).Replace("{id}", Id)
            .Replace("{console}", scene.Console).Replace("{pidfd}", scene.Pidfd);
        string[] words = Filled(call.Words).Split(' ');
        var options = new SpawnOptions { Input = call.Input, Environment = new() { ["HOME"] = null, ["PATH"] = null, ["XDG_RUNTIME_DIR"] = "/run" } };

        CliResult result = Cli.Execute([Paths.Anocir, .. words], options);

        string told = $"anocir {string.Join(' ', words)}: {result}";
        Assert.True(result.Code == call.Code, told);
        string output = result.Stdout + result.Stderr;
        Assert.True(call.Output is null ? output.Length == 0 : Regex.IsMatch(output, Filled(call.Output)), $"expected {call.Output ?? "silence"}: {told}");
        try
        {
            call.Then(scene);
        }
        catch (Exception e) when (e is not TimeoutException)
        {
            throw new InvalidOperationException($"after {told}", e);
        }
    }

    // The sockets of a call are new.
    private static string Fresh(string dir)
    {
        File.Delete(dir + "/pty.sock");
        File.Delete(dir + "/pidfd.sock");
        return dir;
    }

    private static void WriteFiles(string dir)
    {
        Write(dir, "process.json", false, "/bin/sleep", "1000");
        Write(dir, "terminal.json", true, "/bin/sleep", "1000");
        Write(dir, "missing.json", false, "nosuch");
        Write(dir, "input.json", false, "/bin/sh", "-c", "cat; echo error >&2; exit 5");
        File.WriteAllText(dir + "/resources.json", """{"pids":{"limit":100}}""");
    }

    private static void Write(string dir, string name, bool terminal, params string[] args) => File.WriteAllText(
        $"{dir}/{name}",
        new JsonObject
        {
            ["terminal"] = terminal,
            ["cwd"] = "/",
            ["args"] = Bundle.Json(args),
            ["env"] = Bundle.Json("PATH=/bin"),
            ["user"] = new JsonObject { ["uid"] = 0, ["gid"] = 0 },
        }.ToJsonString(JsonSerializerOptions.Default));
}
