using System.IO;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>
/// A bundle on disk: busybox (with the usual links) and the probe in rootfs/bin, and the config of <c>anocir spec</c> without a
/// terminal. Edit <see cref="Config"/> freely; it is written when a command is run.
/// </summary>
internal sealed class Bundle
{
    private static readonly string[] s_applets =
    [
        "sh", "cat", "echo", "true", "false", "sleep", "ls", "id", "mount", "umount", "ps", "env", "printf", "mkdir", "rm", "ln", "touch",
        "kill", "stat", "readlink", "hostname", "ip", "dd", "chmod", "mknod", "test", "head", "wc", "grep", "mv", "cp", "chroot",
    ];

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public Bundle(string directory)
    {
        Dir = directory;
        string bin = Directory.CreateDirectory(System.IO.Path.Combine(Rootfs, "bin")).FullName;
        CopyProgram("/bin/busybox", bin + "/busybox");
        CopyProgram(Paths.Probe, bin + "/probe");
        foreach (string applet in s_applets)
        {
            _ = File.CreateSymbolicLink($"{bin}/{applet}", "busybox");
        }

        foreach (string name in (string[])["proc", "sys", "dev", "tmp", "etc"])
        {
            _ = Directory.CreateDirectory(System.IO.Path.Combine(Rootfs, name));
        }

        File.WriteAllText(Rootfs + "/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n");
        File.WriteAllText(Rootfs + "/etc/group", "root:x:0:\nuser:x:1000:\n");
        Config = JsonNode.Parse(Paths.Spec)!.AsObject();
        Process["terminal"] = false;
    }

    /// <summary>The bundle directory.</summary>
    public string Dir { get; }

    public string Rootfs => Dir + "/rootfs";

    /// <summary>The whole config.json.</summary>
    public JsonObject Config { get; set; }

    public JsonObject Process => Config["process"]!.AsObject();

    public JsonObject Linux => Config["linux"]!.AsObject();

    public JsonArray Mounts => Config["mounts"]!.AsArray();

    /// <summary>The container's program: /bin/probe with these words.</summary>
    public Bundle Probe(params string[] words) => Args(["/bin/probe", .. words]);

    /// <summary>The container's program: a shell script.</summary>
    public Bundle Shell(string script) => Args("/bin/sh", "-c", script);

    public Bundle Args(params string[] args)
    {
        Process["args"] = Json(args);
        return this;
    }

    /// <summary>Appends a mount.</summary>
    public Bundle Mount(string destination, string type, string source, params string[] options)
    {
        Mounts.Add(new JsonObject { ["destination"] = destination, ["type"] = type, ["source"] = source, ["options"] = Json(options) });
        return this;
    }

    /// <summary>Adds a namespace (or, with a path, replaces the new one of that type).</summary>
    public Bundle Namespace(string type, string? path = null)
    {
        WithoutNamespace(type);
        var entry = new JsonObject { ["type"] = type };
        if (path is not null)
        {
            entry["path"] = path;
        }

        Linux["namespaces"]!.AsArray().Add(entry);
        return this;
    }

    public Bundle WithoutNamespace(string type)
    {
        JsonArray all = Linux["namespaces"]!.AsArray();
        for (int i = all.Count - 1; i >= 0; i--)
        {
            if ((string?)all[i]!["type"] == type)
            {
                all.RemoveAt(i);
            }
        }

        return this;
    }

    /// <summary>Adds a hook: kind, program on the host (or in the container), its arguments after argv[0].</summary>
    public Bundle Hook(string kind, string path, string[] args, int? timeout = null)
    {
        if (Config["hooks"] is not JsonObject hooks)
        {
            Config["hooks"] = hooks = [];
        }

        if (hooks[kind] is not JsonArray list)
        {
            hooks[kind] = list = [];
        }

        var hook = new JsonObject { ["path"] = path, ["args"] = Json([path, .. args]) };
        if (timeout is { } seconds)
        {
            hook["timeout"] = seconds;
        }

        list.Add(hook);
        return this;
    }

    /// <summary>A hook that is a shell script of the host's busybox (of the container's for createContainer after pivot and startContainer).</summary>
    public Bundle HookScript(string kind, string script, int? timeout = null) => Hook(kind, "/bin/busybox", ["sh", "-c", script], timeout);

    /// <summary>Writes config.json.</summary>
    public void Write() => File.WriteAllText(Dir + "/config.json", Config.ToJsonString(s_indented));

    public static JsonArray Json(params string[] values)
    {
        var array = new JsonArray();
        foreach (string value in values)
        {
            array.Add(value);
        }

        return array;
    }

    private static void CopyProgram(string from, string to)
    {
        File.Copy(from, to);
        File.SetUnixFileMode(to, (UnixFileMode)0x1ed); // 0755
    }
}
