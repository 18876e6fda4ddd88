using System.Collections.Generic;
using System.Text;
using Anocir.Plan;

namespace Anocir.Runtime.Planning;

/// <summary>
/// A new file system by mount(2), for texts that fsconfig(2) does not take: at most 255 bytes for a value, where mount(2) takes a page for all.
/// </summary>
internal static class OldMount
{
    /// <summary>Whether source or options are too long for fsconfig(2).</summary>
    public static bool IsNeeded(string source, List<string>? data)
    {
        bool tooLong = IsLong(source);
        foreach (string option in data ?? [])
        {
            tooLong |= IsLong(option);
        }

        return tooLong;
    }

    /// <summary>Mounts on what <paramref name="target"/> holds.</summary>
    public static void Add(PlanWriter plan, short target, string source, string type, List<string> data, uint flags)
    {
        uint sourceOperand = plan.Str(source);
        uint typeOperand = plan.Str(type);
        uint dataOperand = data.Count > 0 ? plan.Str(string.Join(',', data)) : 0;
        ref Step mount = ref plan.Add(StepKind.MountOnFd);
        mount.SlotB = target;
        mount.S0 = sourceOperand;
        mount.S1 = typeOperand;
        mount.S2 = dataOperand;
        mount.X = flags;
    }

    /// <summary>
    /// Opens the mount that now covers <paramref name="target"/> into <paramref name="slot"/>. Not by its name, which somebody may have given to
    /// something else meanwhile: ".." of a root is that root itself with what is mounted on it (path_resolution(7), RESOLVE_IN_ROOT of openat2(2)).
    /// </summary>
    public static void OpenTop(PlanWriter plan, short target, short slot)
    {
        uint up = plan.Str("..");
        ref Step open = ref plan.Add(StepKind.Open);
        open.SlotA = slot;
        open.SlotB = target;
        open.S0 = up;
        open.X = (uint)(Linux.O.PATH | Linux.O.DIRECTORY);
        open.Y = Linux.Resolve.IN_ROOT;
    }

    /// <summary>MS_* flags of mount(2) for MOUNT_ATTR_* of mount_setattr(2).</summary>
    public static uint Flags(uint attributes)
    {
        uint flags = attributes & (MountAttr.RDONLY | MountAttr.NOSUID | MountAttr.NODEV | MountAttr.NOEXEC); // same bits
        flags |= (attributes & MountAttr.NOATIME) != 0 ? MS.NOATIME : 0;
        flags |= (attributes & MountAttr.STRICTATIME) != 0 ? MS.STRICTATIME : 0;
        flags |= (attributes & MountAttr.NODIRATIME) != 0 ? MS.NODIRATIME : 0;
        flags |= (attributes & MountAttr.NOSYMFOLLOW) != 0 ? MS.NOSYMFOLLOW : 0;
        return flags;
    }

    private static bool IsLong(string text)
    {
        const int MaxValue = 255;
        return Encoding.UTF8.GetByteCount(text) > MaxValue;
    }
}
