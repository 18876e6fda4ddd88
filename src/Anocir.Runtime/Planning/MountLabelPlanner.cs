using System.Text;
using Anocir.Plan;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>
/// linux.mountLabel: the SELinux context of the file systems made for the container. Where it goes is runc's choice: not to proc and
/// sysfs, whose files the policy labels; to mqueue, which knows no such option, as an attribute of its directory.
/// </summary>
internal static class MountLabelPlanner
{
    private const string Attribute = "security.selinux";

    /// <summary>Whether a new file system of this type takes the label as an option.</summary>
    public static bool IsOption(RuntimeConfig config, string type) =>
        config.Linux!.MountLabel is not null && type is not ("proc" or "sysfs" or "mqueue" or "cgroup" or "cgroup2");

    /// <summary>The option for the mount API, on a context that has no superblock yet.</summary>
    public static void AddOption(PlanWriter plan, RuntimeConfig config, short context, string type)
    {
        if (IsOption(config, type))
        {
            FsSteps.SetString(plan, context, Key(config), config.Linux!.MountLabel!);
        }
    }

    /// <summary>The option in the text of mount(2); quoted, for a label may have commas.</summary>
    public static string Option(RuntimeConfig config) => Key(config) + "=\"" + config.Linux!.MountLabel + "\"";

    /// <summary>Labels the root directory of a mount that takes no option.</summary>
    public static void AddToTree(PlanWriter plan, RuntimeConfig config, short tree, string type)
    {
        if (config.Linux!.MountLabel is not { } label || type != "mqueue")
        {
            return;
        }

        // What fsmount(2) returns is an O_PATH descriptor, on which attributes cannot be set.
        short directory = plan.NewSlot();
        uint path = plan.Str(".");
        ref Step open = ref plan.Add(StepKind.Open);
        open.SlotA = directory;
        open.SlotB = tree;
        open.S0 = path;
        open.X = (uint)Linux.O.DIRECTORY;
        uint name = plan.Str(Attribute);
        byte[] bytes = Encoding.UTF8.GetBytes(label + "\0");
        uint value = plan.Blob(bytes);
        ref Step set = ref plan.Add(StepKind.SetAttribute);
        set.SlotA = directory;
        set.S0 = name;
        set.S1 = value;
        set.L = (uint)bytes.Length;
        plan.Add(StepKind.Close).SlotA = directory;
    }

    private static string Key(RuntimeConfig config) => AnnotationNames.Find(config, AnnotationNames.MountContextType) ?? "context";
}
