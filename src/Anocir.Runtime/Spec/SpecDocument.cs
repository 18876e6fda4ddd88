using System;
using System.Buffers;
using System.Text.Json;

namespace Anocir.Runtime.Spec;

/// <summary>
/// The starting point that <c>anocir spec</c> writes: runc's example config with anocir's name for the host, tab indented,
/// without a newline at the end, members in the order of the specification's Go model.
/// </summary>
public static class SpecDocument
{
    /// <summary>The document.</summary>
    /// <param name="rootless">
    /// For a user without root: a user namespace with the two IDs mapped to root instead of a network namespace, the host's /sys,
    /// no options with IDs that are not mapped, no limits.
    /// </param>
    /// <param name="uid">Effective user ID to map; only with <paramref name="rootless"/>.</param>
    /// <param name="gid">Effective group ID to map; only with <paramref name="rootless"/>.</param>
    /// <param name="unified">Whether the host has cgroup v2 only; then the container gets a cgroup namespace.</param>
    public static ReadOnlyMemory<byte> Write(bool rootless, uint uid, uint gid, bool unified)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        var options = new JsonWriterOptions { Indented = true, IndentCharacter = '\t', IndentSize = 1, NewLine = "\n" };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            json.WriteString("ociVersion"u8, BuildInfo.SpecVersion);
            WriteProcess(json);
            json.WriteStartObject("root"u8);
            json.WriteString("path"u8, "rootfs"u8);
            json.WriteBoolean("readonly"u8, true);
            json.WriteEndObject();
            json.WriteString("hostname"u8, "anocir"u8);
            WriteMounts(json, rootless);
            WriteLinux(json, rootless, uid, gid, unified);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteProcess(Utf8JsonWriter json)
    {
        json.WriteStartObject("process"u8);
        json.WriteBoolean("terminal"u8, true);
        json.WriteStartObject("user"u8);
        json.WriteNumber("uid"u8, 0);
        json.WriteNumber("gid"u8, 0);
        json.WriteEndObject();
        WriteList(json, "args"u8, ["sh"]);
        WriteList(json, "env"u8, ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"]);
        json.WriteString("cwd"u8, "/"u8);
        json.WriteStartObject("capabilities"u8);
        ReadOnlySpan<string> capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];
        WriteList(json, "bounding"u8, capabilities);
        WriteList(json, "effective"u8, capabilities);
        WriteList(json, "permitted"u8, capabilities);
        json.WriteEndObject();
        json.WriteStartArray("rlimits"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "RLIMIT_NOFILE"u8);
        json.WriteNumber("hard"u8, 1024);
        json.WriteNumber("soft"u8, 1024);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteBoolean("noNewPrivileges"u8, true);
        json.WriteEndObject();
    }

    private static void WriteMounts(Utf8JsonWriter json, bool rootless)
    {
        json.WriteStartArray("mounts"u8);
        WriteMount(json, "/proc", "proc", "proc", []);
        WriteMount(json, "/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]);
        WriteMount(json, "/dev/pts", "devpts", "devpts", rootless
            ? ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]
            : ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]);
        WriteMount(json, "/dev/shm", "tmpfs", "shm", ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]);
        WriteMount(json, "/dev/mqueue", "mqueue", "mqueue", ["nosuid", "noexec", "nodev"]);
        if (rootless)
        {
            WriteMount(json, "/sys", "none", "/sys", ["rbind", "nosuid", "noexec", "nodev", "ro"]);
        }
        else
        {
            WriteMount(json, "/sys", "sysfs", "sysfs", ["nosuid", "noexec", "nodev", "ro"]);
        }

        WriteMount(json, "/sys/fs/cgroup", "cgroup", "cgroup", ["nosuid", "noexec", "nodev", "relatime", "ro"]);
        json.WriteEndArray();
    }

    private static void WriteMount(Utf8JsonWriter json, string destination, string type, string source, ReadOnlySpan<string> options)
    {
        json.WriteStartObject();
        json.WriteString("destination"u8, destination);
        json.WriteString("type"u8, type);
        json.WriteString("source"u8, source);
        if (options.Length > 0)
        {
            WriteList(json, "options"u8, options);
        }

        json.WriteEndObject();
    }

    private static void WriteLinux(Utf8JsonWriter json, bool rootless, uint uid, uint gid, bool unified)
    {
        json.WriteStartObject("linux"u8);
        if (rootless)
        {
            WriteMapping(json, "uidMappings"u8, uid);
            WriteMapping(json, "gidMappings"u8, gid);
        }
        else
        {
            json.WriteStartObject("resources"u8);
            json.WriteStartArray("devices"u8);
            json.WriteStartObject();
            json.WriteBoolean("allow"u8, false);
            json.WriteString("access"u8, "rwm"u8);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteStartArray("namespaces"u8);
        WriteNamespace(json, "pid"u8);
        if (!rootless)
        {
            WriteNamespace(json, "network"u8);
        }

        WriteNamespace(json, "ipc"u8);
        WriteNamespace(json, "uts"u8);
        WriteNamespace(json, "mount"u8);
        if (unified)
        {
            WriteNamespace(json, "cgroup"u8);
        }

        if (rootless)
        {
            WriteNamespace(json, "user"u8);
        }

        json.WriteEndArray();
        WriteList(json, "maskedPaths"u8, [
            "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
            "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi"]);
        WriteList(json, "readonlyPaths"u8, ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]);
        json.WriteEndObject();
    }

    private static void WriteMapping(Utf8JsonWriter json, ReadOnlySpan<byte> name, uint id)
    {
        json.WriteStartArray(name);
        json.WriteStartObject();
        json.WriteNumber("containerID"u8, 0);
        json.WriteNumber("hostID"u8, id);
        json.WriteNumber("size"u8, 1);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteNamespace(Utf8JsonWriter json, ReadOnlySpan<byte> type)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<string> items)
    {
        json.WriteStartArray(name);
        foreach (string item in items)
        {
            json.WriteStringValue(item);
        }

        json.WriteEndArray();
    }
}
