using System;
using System.Collections.Generic;
using System.Text.Json;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Json;

namespace Anocir.Runtime.State;

/// <summary>Reads the JSON of state.json. Unknown members are ignored, so later builds may add some within version 1.</summary>
public static class ContainerRecordReader
{
    private const int MaxDepth = 64;

    /// <summary>The record in <paramref name="utf8"/>; anything but a well-formed record of a known version is a
    /// <see cref="ContainerException"/> that names the container <paramref name="id"/>.</summary>
    public static ContainerRecord Read(ReadOnlySpan<byte> utf8, string id)
    {
        try
        {
            return Parse(utf8, id);
        }
        catch (RecordException e)
        {
            throw Damaged(id, e.Message);
        }
        catch (JsonException e)
        {
            throw Damaged(id, $"not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine}");
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            // Thrown by the reader's Get methods, with a text that a build without framework texts does not have.
            throw Damaged(id, "a value has the wrong type or is out of range");
        }
    }

    private static ContainerException Damaged(string id, string cause) =>
        new($"cannot read the state of container '{id}': {cause}; hint: remove it with 'anocir delete --force {id}'") { IsDamagedRecord = true };

    private static ContainerRecord Parse(ReadOnlySpan<byte> utf8, string id)
    {
        var fields = default(Fields);
        var json = new JsonTokenReader(utf8, MaxDepth);
        Expect(ref json, JsonTokenType.StartObject);
        while (NextMember(ref json))
        {
            ReadMember(ref json, ref fields, id);
        }

        _ = json.Read(); // throws if anything follows
        if (fields.Version == 0 || fields.Id is null || fields.Bundle is null || !fields.HasStage)
        {
            throw Damaged(id, "a member is missing (version, id, bundle, status)");
        }

        if (fields.Id != id)
        {
            throw Damaged(id, $"it is the state of '{fields.Id}'");
        }

        return fields.ToRecord();
    }

    private static void ReadMember(ref JsonTokenReader json, ref Fields f, string id)
    {
        if (json.ValueTextEquals("version"u8))
        {
            CheckVersion(f.Version = NextInt(ref json), id);
        }
        else if (json.ValueTextEquals("id"u8))
        {
            f.Id = NextString(ref json);
        }
        else if (json.ValueTextEquals("ociVersion"u8))
        {
            f.OciVersion = NextString(ref json);
        }
        else if (json.ValueTextEquals("status"u8))
        {
            f.Stage = NextString(ref json) switch
            {
                "creating" => RecordStage.Creating,
                "created" => RecordStage.Created,
                _ => throw new RecordException("status must be creating or created"),
            };
            f.HasStage = true;
        }
        else if (json.ValueTextEquals("pid"u8))
        {
            f.Pid = NextPid(ref json);
        }
        else if (json.ValueTextEquals("pidStartTime"u8))
        {
            f.PidStartTime = NextULong(ref json);
        }
        else if (json.ValueTextEquals("creatorPid"u8))
        {
            f.CreatorPid = NextPid(ref json);
        }
        else if (json.ValueTextEquals("creatorStartTime"u8))
        {
            f.CreatorStartTime = NextULong(ref json);
        }
        else if (json.ValueTextEquals("initDevice"u8))
        {
            f.InitDevice = NextULong(ref json);
        }
        else if (json.ValueTextEquals("initInode"u8))
        {
            f.InitInode = NextULong(ref json);
        }
        else if (json.ValueTextEquals("bundle"u8))
        {
            f.Bundle = NextString(ref json);
        }
        else if (json.ValueTextEquals("rootfs"u8))
        {
            f.Rootfs = NextString(ref json);
        }
        else if (json.ValueTextEquals("created"u8))
        {
            f.Created = NextString(ref json);
        }
        else
        {
            ReadRarerMember(ref json, ref f);
        }
    }

    private static void ReadRarerMember(ref JsonTokenReader json, ref Fields f)
    {
        if (json.ValueTextEquals("ownerUid"u8))
        {
            json.Read();
            f.OwnerUid = json.GetUInt32();
        }
        else if (json.ValueTextEquals("annotations"u8))
        {
            f.Annotations = ReadAnnotations(ref json);
        }
        else if (json.ValueTextEquals("cgroup"u8))
        {
            f.Cgroup = CgroupRecordReader.Read(ref json);
        }
        else if (json.ValueTextEquals("resctrl"u8))
        {
            f.Resctrl = ResctrlRecordReader.Read(ref json);
        }
        else if (json.ValueTextEquals("privatePidNamespace"u8))
        {
            f.SharedPidNamespace = !NextBool(ref json);
        }
        else if (json.ValueTextEquals("hostMount"u8))
        {
            f.HostMount = NextULong(ref json);
        }
        else if (json.ValueTextEquals("noNewKeyring"u8))
        {
            f.NoNewKeyring = NextBool(ref json);
        }
        else if (json.ValueTextEquals("streams"u8))
        {
            f.Streams = CgroupRecordReader.ReadTexts(ref json, "streams");
        }
        else if (json.ValueTextEquals("startsPlainly"u8))
        {
            f.StartsPlainly = NextBool(ref json);
        }
        else if (json.ValueTextEquals("hasPoststart"u8))
        {
            f.HasPoststart = NextBool(ref json);
        }
        else if (json.ValueTextEquals("hasPoststop"u8))
        {
            f.HasPoststop = NextBool(ref json);
        }
        else
        {
            json.Read();
            json.Skip();
        }
    }

    private static void CheckVersion(int version, string id)
    {
        if (version > ContainerRecord.CurrentVersion)
        {
            throw new ContainerException(
                $"cannot read the state of container '{id}': version {version} was written by a newer anocir, this one knows up to "
                + $"{ContainerRecord.CurrentVersion}; hint: use the newer one until this container is deleted");
        }

        if (version < 1)
        {
            throw new RecordException("version must be 1 or more");
        }
    }

    private static List<KeyValuePair<string, string>> ReadAnnotations(ref JsonTokenReader json)
    {
        var annotations = new List<KeyValuePair<string, string>>();
        Expect(ref json, JsonTokenType.StartObject);
        while (NextMember(ref json))
        {
            string key = json.GetString() ?? "";
            annotations.Add(new(key, NextString(ref json)));
        }

        return annotations;
    }

    /// <summary>Moves to the next member name of the current object; false at its end.</summary>
    internal static bool NextMember(ref JsonTokenReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Moves to the next token and checks its kind.</summary>
    internal static void Expect(ref JsonTokenReader json, JsonTokenType type)
    {
        if (!json.Read() || json.TokenType != type)
        {
            throw new RecordException($"expected {type}, found {json.TokenType} at byte {json.TokenStartIndex}");
        }
    }

    /// <summary>The next value, a string.</summary>
    internal static string NextString(ref JsonTokenReader json)
    {
        Expect(ref json, JsonTokenType.String);
        return json.GetString() ?? "";
    }

    /// <summary>The next value, a 32-bit integer.</summary>
    internal static int NextInt(ref JsonTokenReader json)
    {
        json.Read();
        return json.GetInt32();
    }

    private static int NextPid(ref JsonTokenReader json)
    {
        int pid = NextInt(ref json);
        return pid >= 0 ? pid : throw new RecordException("a PID must not be negative");
    }

    private static ulong NextULong(ref JsonTokenReader json)
    {
        json.Read();
        return json.GetUInt64();
    }

    /// <summary>The next value, true or false.</summary>
    internal static bool NextBool(ref JsonTokenReader json)
    {
        json.Read();
        return json.GetBoolean();
    }

    /// <summary>A well-formed document that is no record; the message is for the user.</summary>
    internal sealed class RecordException(string message) : Exception(message);

    private struct Fields
    {
        public int Version;
        public string? Id;
        public string? OciVersion;
        public bool HasStage;
        public RecordStage Stage;
        public int Pid;
        public ulong PidStartTime;
        public int CreatorPid;
        public ulong CreatorStartTime;
        public ulong InitDevice;
        public ulong InitInode;
        public string? Bundle;
        public string? Rootfs;
        public string? Created;
        public uint OwnerUid;
        public List<KeyValuePair<string, string>>? Annotations;
        public CgroupRecord? Cgroup;
        public ResctrlRecord? Resctrl;
        public bool SharedPidNamespace;
        public ulong? HostMount;
        public bool NoNewKeyring;
        public List<string>? Streams;
        public bool HasPoststart;
        public bool StartsPlainly;
        public bool HasPoststop;

        public readonly ContainerRecord ToRecord() => new()
        {
            Id = Id!,
            OciVersion = OciVersion ?? "",
            Stage = Stage,
            Pid = Pid,
            PidStartTime = PidStartTime,
            CreatorPid = CreatorPid,
            CreatorStartTime = CreatorStartTime,
            InitDevice = InitDevice,
            InitInode = InitInode,
            Bundle = Bundle!,
            Rootfs = Rootfs ?? "",
            Created = Created ?? "",
            OwnerUid = OwnerUid,
            Annotations = Annotations ?? [],
            Cgroup = Cgroup,
            Resctrl = Resctrl,
            HasPrivatePidNamespace = !SharedPidNamespace,
            HostMount = HostMount,
            NoNewKeyring = NoNewKeyring,
            Streams = Streams ?? [],
            HasPoststart = HasPoststart,
            StartsPlainly = StartsPlainly,
            HasPoststop = HasPoststop,
        };
    }
}
