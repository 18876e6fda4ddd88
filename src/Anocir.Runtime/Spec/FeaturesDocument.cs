using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text.Json;
using Anocir.Runtime.Planning;

namespace Anocir.Runtime.Spec;

/// <summary>
/// What <c>anocir features</c> prints (runtime-spec features.md, features-linux.md): what this build does; what this
/// kernel lacks of it is said apart, in an annotation.
/// Four spaces of indent and a newline at the end, as runc.
/// </summary>
public static class FeaturesDocument
{
    /// <summary>The document.</summary>
    /// <param name="libseccompVersion">Version of the linked libseccomp, such as <c>2.5.4</c>; null leaves it out.</param>
    /// <param name="seccompFlags">The flags of seccomp filters that this kernel takes.</param>
    /// <param name="lacking">Places in this document that this kernel lacks.</param>
    public static ReadOnlyMemory<byte> Write(string? libseccompVersion, IReadOnlyList<string> seccompFlags, IReadOnlyList<string> lacking)
    {
        var buffer = new ArrayBufferWriter<byte>(8192);
        var options = new JsonWriterOptions { Indented = true, IndentSize = 4, NewLine = "\n" };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            json.WriteString("ociVersionMin"u8, "1.0.0"u8);
            json.WriteString("ociVersionMax"u8, BuildInfo.SpecVersion);
            WriteWords(json, "hooks"u8, "prestart createRuntime createContainer startContainer poststart poststop");
            WriteWords(json, "mountOptions"u8, MountOptions.Known);
            WriteLinux(json, seccompFlags);
            WriteAnnotations(json, libseccompVersion, lacking);
            WriteWords(json, "potentiallyUnsafeConfigAnnotations"u8, AnnotationNames.Unsafe);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    private static void WriteLinux(Utf8JsonWriter json, IReadOnlyList<string> seccompFlags)
    {
        json.WriteStartObject("linux"u8);
        WriteWords(json, "namespaces"u8, "cgroup ipc mount network pid time user uts");
        json.WriteStartArray("capabilities"u8);
        for (int i = 0; i < CapabilityNames.Count; i++)
        {
            json.WriteStringValue(CapabilityNames.Name(i));
        }

        json.WriteEndArray();
        json.WriteStartObject("cgroup"u8);
        json.WriteBoolean("v1"u8, true);
        json.WriteBoolean("v2"u8, true);
        json.WriteBoolean("systemd"u8, true);
        json.WriteBoolean("systemdUser"u8, true);
        json.WriteBoolean("rdma"u8, true);
        json.WriteEndObject();
        json.WriteStartObject("seccomp"u8);
        json.WriteBoolean("enabled"u8, true);
        WriteWords(json, "actions"u8, SeccompNames.Actions);
        WriteWords(json, "operators"u8, SeccompNames.Operators);
        WriteWords(json, "archs"u8, SeccompNames.Architectures);
        WriteWords(json, "knownFlags"u8, SeccompNames.Flags);
        json.WriteStartArray("supportedFlags"u8);
        foreach (string flag in seccompFlags)
        {
            json.WriteStringValue(flag);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        WriteEnabled(json, "apparmor"u8, true);
        WriteEnabled(json, "selinux"u8, true);
        json.WriteStartObject("intelRdt"u8);
        json.WriteBoolean("enabled"u8, true);
        json.WriteBoolean("schemata"u8, true);
        json.WriteBoolean("monitoring"u8, true);
        json.WriteEndObject();
        json.WriteStartObject("memoryPolicy"u8);
        WriteWords(json, "modes"u8, MemoryPolicyNames.Modes);
        WriteWords(json, "flags"u8, MemoryPolicyNames.Flags);
        json.WriteEndObject();
        json.WriteStartObject("mountExtensions"u8);
        WriteEnabled(json, "idmap"u8, true);
        json.WriteEndObject();
        WriteEnabled(json, "netDevices"u8, true);
        json.WriteEndObject();
    }

    // containerd and podman look at the runc keys; the version there would be taken for runc's own.
    private static void WriteAnnotations(Utf8JsonWriter json, string? libseccompVersion, IReadOnlyList<string> lacking)
    {
        json.WriteStartObject("annotations"u8);
        if (libseccompVersion is not null)
        {
            json.WriteString("io.github.seccomp.libseccomp.version"u8, libseccompVersion);
        }

        json.WriteString("io.anocir.commit"u8, BuildInfo.Commit);
        json.WriteString("io.anocir.kernel.lacks"u8, string.Join(' ', lacking));
        json.WriteString("io.anocir.version"u8, BuildInfo.Version);
        json.WriteString("org.opencontainers.runc.checkpoint.enabled"u8, "true"u8);
        json.WriteEndObject();
    }

    private static void WriteEnabled(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool value)
    {
        json.WriteStartObject(name);
        json.WriteBoolean("enabled"u8, value);
        json.WriteEndObject();
    }

    private static void WriteWords(Utf8JsonWriter json, ReadOnlySpan<byte> name, string words)
    {
        json.WriteStartArray(name);
        ReadOnlySpan<char> rest = words;
        while (!rest.IsEmpty)
        {
            json.WriteStringValue(WordList.Next(ref rest));
        }

        json.WriteEndArray();
    }
}
