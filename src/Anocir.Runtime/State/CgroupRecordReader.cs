using System;
using System.Collections.Generic;
using System.Text.Json;
using Anocir.Runtime.Json;

namespace Anocir.Runtime.State;

/// <summary>Reads the <c>cgroup</c> member of state.json.</summary>
internal static class CgroupRecordReader
{
    public static CgroupRecord Read(ref JsonTokenReader json)
    {
        string driver = "";
        int version = 0;
        List<string> paths = [];
        List<string> controllers = [];
        string? freezer = null, unit = null, userBus = null;
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
                paths = ReadTexts(ref json, "cgroup.paths");
                paths.ForEach(static path => Absolute(path));
            }
            else if (json.ValueTextEquals("controllers"u8))
            {
                controllers = ReadTexts(ref json, "cgroup.controllers");
            }
            else if (json.ValueTextEquals("freezer"u8))
            {
                freezer = Absolute(ContainerRecordReader.NextString(ref json));
            }
            else if (json.ValueTextEquals("unit"u8))
            {
                unit = ContainerRecordReader.NextString(ref json);
            }
            else if (json.ValueTextEquals("userBus"u8))
            {
                userBus = ContainerRecordReader.NextString(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return new CgroupRecord
        {
            Driver = driver,
            Version = version,
            Paths = paths,
            Controllers = controllers,
            Freezer = freezer,
            Unit = unit,
            UserBus = userBus,
        };
    }

    internal static List<string> ReadTexts(ref JsonTokenReader json, string name)
    {
        List<string> texts = [];
        ContainerRecordReader.Expect(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType == JsonTokenType.String)
        {
            texts.Add(json.GetString() ?? "");
        }

        return json.TokenType == JsonTokenType.EndArray
            ? texts
            : throw new ContainerRecordReader.RecordException($"{name} must hold strings");
    }

    // These directories are written to and removed later, with the caller's rights.
    internal static string Absolute(string path) =>
        path.StartsWith('/') && !path.Contains("/../", StringComparison.Ordinal) && !path.EndsWith("/..", StringComparison.Ordinal)
            && !path.Contains('\0')
            ? path
            : throw new ContainerRecordReader.RecordException("a cgroup path must be absolute and clean");
}
