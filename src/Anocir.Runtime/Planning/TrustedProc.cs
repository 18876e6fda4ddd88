using System.Text;
using Anocir.Plan;

namespace Anocir.Runtime.Planning;

/// <summary>
/// A procfs of init's own: no mount of the container can put another file in the place of one that init writes (CVE-2019-16884,
/// CVE-2025-52881). Opened before paths are masked, since a masked /proc lets nobody mount a new one in a user namespace.
/// </summary>
internal static class TrustedProc
{
    /// <summary>Mounts it, detached, into a new slot.</summary>
    public static short Open(PlanWriter plan)
    {
        short context = plan.NewSlot();
        short proc = plan.NewSlot();
        FsSteps.Open(plan, context, "proc");
        int create = FsSteps.Create(plan, context);
        int mount = FsSteps.Mount(plan, context, proc, 0);
        int over = plan.Count;
        plan.Add(StepKind.Jump);

        // In a user namespace under a partly masked /proc a new one is refused; a clone can only be had with its masks (locked
        // mounts), over which no file is looked up.
        plan.At(create).ErrnoSet = plan.At(mount).ErrnoSet = ErrnoSets.Of(Linux.Errno.EPERM);
        plan.ElseHere(create);
        plan.ElseHere(mount);
        uint path = plan.Str("/proc");
        ref Step open = ref plan.Add(StepKind.OpenTree);
        open.SlotA = proc;
        open.S0 = path;
        open.X = OpenTreeFlags.Clone | OpenTreeFlags.Recursive;

        // In exec this is the container's: what its root has mounted there may be no procfs at all.
        const ulong Directory = 0x4000; // S_IFDIR
        const ulong ProcMagic = 0x9fa0; // linux/magic.h
        ref Step verify = ref plan.Add(StepKind.VerifyFile);
        verify.SlotA = proc;
        verify.X = Directory;
        verify.Y = ulong.MaxValue;
        verify.Z = ProcMagic;
        plan.ElseHere(over);
        return proc;
    }

    /// <summary>Writes a file of it, such as <c>sys/kernel/domainname</c>; returns the step's index.</summary>
    public static int Write(PlanWriter plan, short proc, string file, string value)
    {
        int index = plan.Count;
        uint path = plan.Str(file);
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        uint data = bytes.Length == 0 ? 0 : plan.Blob(bytes);
        ref Step write = ref plan.Add(StepKind.WriteFile);
        write.SlotB = proc;
        write.S0 = path;
        write.S1 = data;
        write.L = (uint)bytes.Length;
        write.X = (ulong)Linux.O.WRONLY;
        write.Y = Linux.Resolve.BENEATH | Linux.Resolve.NO_XDEV | Linux.Resolve.NO_MAGICLINKS;
        return index;
    }
}
