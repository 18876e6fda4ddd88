using System;
using System.Collections.Generic;
using System.Text.Json;

namespace Anocir.Runtime.State;

/// <summary>Reads the <c>cgroup</c> member of state.json.</summary>
internal static class CgroupRecordReader
{
    public static CgroupRecord Read(ref Utf8JsonReader json)
    {
        string driver = "";
        int version = 0;
        List<string> paths = [];
        string? freezer = null;
        ContainerRecordReader.Expect(ref json, JsonTokenType.StartObject);
        while (ContainerRecordReader.NextMember(ref json))
        {
            if (json.ValueTextEquals("driver"u8))
            {
                driver = ContainerRecordReader.NextString(ref json);
            }
            else if (json.ValueTextEquals("version"u8))
            {
                version = ContainerRecordReader.NextInt(ref json);
            }
            else if (json.ValueTextEquals("paths"u8))
            {
                paths = ReadPaths(ref json);
            }
            else if (json.ValueTextEquals("freezer"u8))
            {
                freezer = Absolute(ContainerRecordReader.NextString(ref json));
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return new CgroupRecord { Driver = driver, Version = version, Paths = paths, Freezer = freezer };
    }

    private static List<string> ReadPaths(ref Utf8JsonReader json)
    {
        List<string> paths = [];
        ContainerRecordReader.Expect(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType == JsonTokenType.String)
        {
            paths.Add(Absolute(json.GetString() ?? ""));
        }

        return json.TokenType == JsonTokenType.EndArray ? paths : throw new ContainerRecordReader.RecordException("cgroup.paths must hold strings");
    }

    // These directories are written to and removed later, with the caller's rights.
    private static string Absolute(string path) =>
        path.StartsWith('/') && !path.Contains("/../", StringComparison.Ordinal) && !path.EndsWith("/..", StringComparison.Ordinal)
            && !path.Contains('\0')
            ? path
            : throw new ContainerRecordReader.RecordException("a cgroup path must be absolute and clean");
}
