using System.Globalization;

namespace Anocir.Runtime.Cgroups.Devices;

/// <summary>
/// Devices of one type and number range, and what is excepted for them from the default of a <see cref="DeviceRuleSet"/>.
/// </summary>
/// <param name="Type"><c>c</c> or <c>b</c>.</param>
/// <param name="Major">Major number, or <see cref="Any"/>.</param>
/// <param name="Minor">Minor number, or <see cref="Any"/>.</param>
/// <param name="Access">The accesses.</param>
/// <param name="Origin">Index in linux.resources.devices of the last rule that added to it; -1 for a default rule.</param>
public readonly record struct DeviceEntry(char Type, long Major, long Minor, DeviceAccess Access, int Origin)
{
    /// <summary>The wildcard number.</summary>
    public const long Any = -1;

    /// <summary>The kernel's line for devices.allow and devices.deny: <c>c 1:3 rwm</c>, <c>c *:* m</c>.</summary>
    public override string ToString() => Type + " " + Number(Major) + ":" + Number(Minor) + " " + Letters(Access);

    /// <summary>The letters in the order the kernel prints them.</summary>
    public static string Letters(DeviceAccess access) =>
        ((access & DeviceAccess.Read) != 0 ? "r" : "")
        + ((access & DeviceAccess.Write) != 0 ? "w" : "")
        + ((access & DeviceAccess.Make) != 0 ? "m" : "");

    /// <summary>The accesses that the letters name; other letters name none.</summary>
    public static DeviceAccess Parse(string letters)
    {
        DeviceAccess access = DeviceAccess.None;
        foreach (char letter in letters)
        {
            access |= letter switch
            {
                'r' => DeviceAccess.Read,
                'w' => DeviceAccess.Write,
                'm' => DeviceAccess.Make,
                _ => DeviceAccess.None,
            };
        }

        return access;
    }

    /// <summary>Whether both name the same devices.</summary>
    public bool SameDevices(in DeviceEntry other) => Type == other.Type && Major == other.Major && Minor == other.Minor;

    /// <summary>Whether this names all devices that the other names.</summary>
    public bool Covers(in DeviceEntry other) =>
        Type == other.Type && (Major == Any || Major == other.Major) && (Minor == Any || Minor == other.Minor);

    /// <summary>Whether some device is named by both.</summary>
    public bool Overlaps(in DeviceEntry other) =>
        Type == other.Type
        && (Major == Any || other.Major == Any || Major == other.Major)
        && (Minor == Any || other.Minor == Any || Minor == other.Minor);

    private static string Number(long number) => number < 0 ? "*" : number.ToString(CultureInfo.InvariantCulture);
}
