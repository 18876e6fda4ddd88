using System.Text.Json;
using Anocir.Runtime.Json;

namespace Anocir.Runtime.State;

/// <summary>Reads the <c>resctrl</c> member of state.json.</summary>
internal static class ResctrlRecordReader
{
    public static ResctrlRecord Read(ref JsonTokenReader json)
    {
        string group = "";
        string? monitor = null;
        bool remove = false;
        ContainerRecordReader.Expect(ref json, JsonTokenType.StartObject);
        while (ContainerRecordReader.NextMember(ref json))
        {
            if (json.ValueTextEquals("group"u8))
            {
                group = CgroupRecordReader.Absolute(ContainerRecordReader.NextString(ref json));
            }
            else if (json.ValueTextEquals("monitor"u8))
            {
                monitor = CgroupRecordReader.Absolute(ContainerRecordReader.NextString(ref json));
            }
            else if (json.ValueTextEquals("remove"u8))
            {
                remove = ContainerRecordReader.NextBool(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return group.Length == 0
            ? throw new ContainerRecordReader.RecordException("resctrl.group is missing")
            : new ResctrlRecord { Group = group, Monitor = monitor, Remove = remove };
    }
}
