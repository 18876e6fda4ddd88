using Anocir.Plan;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>
/// process.cwd. Some directories only the container's root can enter, some only its user (a home on a file system that root has no
/// rights on): it is tried with the rights of both, as runc does, and one success will do.
/// </summary>
internal sealed class DirectoryPlanner(PlanWriter plan, Process process)
{
    private readonly short _entered = plan.NewSlot();
    private int _refused = -1;

    /// <summary>
    /// Makes a missing directory, owned by the container's root and with mode 0755, while the root file system is still writable. What only
    /// the user may look at, and links that lead into a procfs, are left to the change itself.
    /// </summary>
    public static void AddMissing(PlanWriter plan, string directory, ContainerTargets targets)
    {
        if (directory == "/")
        {
            return;
        }

        plan.Origin = "process.cwd";
        int index = targets.Resolve(directory, StepFlags.CreateDirectory);
        plan.At(index).ErrnoSet = ErrnoSets.Of(Linux.Errno.EACCES, Linux.Errno.EPERM, Linux.Errno.ELOOP);
        plan.ElseHere(index);
    }

    /// <summary>The first attempt. A success is remembered by an open descriptor.</summary>
    public void AddAsRoot()
    {
        int change = AddChange();
        if (process.User.Uid == 0)
        {
            return; // there is nobody else to try it as
        }

        uint here = plan.Str(".");
        ref Step open = ref plan.Add(StepKind.Open);
        open.SlotA = _entered;
        open.S0 = here;
        open.X = (uint)(Linux.O.PATH | Linux.O.DIRECTORY);
        plan.At(change).ErrnoSet = ErrnoSets.Of(Linux.Errno.EACCES, Linux.Errno.EPERM);
        plan.ElseHere(change);
        _refused = change;
    }

    /// <summary>The second one, for a directory that the first could not enter.</summary>
    public void AddAsUser()
    {
        if (_refused < 0)
        {
            return;
        }

        plan.Origin = "process.cwd";
        int entered = plan.Count;
        ref Step verify = ref plan.Add(StepKind.VerifyFile);
        verify.SlotA = _entered;
        verify.X = Linux.FileType.Directory;
        verify.Y = ulong.MaxValue;
        verify.ErrnoSet = ErrnoSets.Of(Linux.Errno.EBADF);
        plan.Add(StepKind.Close).SlotA = _entered;
        int done = plan.Count;
        plan.Add(StepKind.Jump);
        plan.ElseHere(entered);
        _ = AddChange();
        plan.ElseHere(done);
    }

    private int AddChange()
    {
        plan.Origin = "process.cwd";
        int index = plan.Count;
        uint path = plan.Str(process.Cwd);
        plan.Add(StepKind.ChangeDirectory).S0 = path;
        return index;
    }
}
