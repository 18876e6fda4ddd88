using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Cgroups;

public static partial class CgroupfsDriver
{
    /// <summary>
    /// Makes the directories of a plan, fills cpusets (v1), enables controllers for it (v2). What it made is removed again when it fails.
    /// An existing cgroup is taken over when no process is in it or below it and it is not frozen.
    /// </summary>
    /// <param name="plan">Where.</param>
    /// <param name="resources">The limits that will be written; on v2 some of them cannot be had everywhere.</param>
    /// <exception cref="ContainerException">A directory cannot be made; the cgroup is in use or frozen, or cannot have the limits (runc's texts).</exception>
    public static CgroupCreation Create(CgroupPlan plan, Resources? resources = null) => Make(plan, resources, mustBeUnused: true);

    /// <summary>The same where a manager has made directories and put the helper into them: nothing is asked about who is in.</summary>
    /// <exception cref="ContainerException">A directory cannot be made, or cannot have the limits.</exception>
    public static CgroupCreation Adopt(CgroupPlan plan, Resources? resources) => Make(plan, resources, mustBeUnused: false);

    private static CgroupCreation Make(CgroupPlan plan, Resources? resources, bool mustBeUnused)
    {
        var creation = new CgroupCreation();
        bool done = false;
        try
        {
            foreach (CgroupTarget target in plan.Targets)
            {
                bool isNew = MakeDirectory(target.Directory, creation);
                if (!isNew && mustBeUnused)
                {
                    RequireUnused(target.Directory);
                }

                if (target.Hierarchy.IsUnified)
                {
                    if (plan.Mode == CgroupMode.Unified)
                    {
                        UnifiedControllers.Enable(target, resources);
                    }

                    SysResult opened = Sys.Open(target.Directory, O.PATH | O.DIRECTORY | O.CLOEXEC);
                    creation.UnifiedDirectory = opened.IsError
                        ? throw CgroupErrors.Create(target.Directory, opened.Errno)
                        : new Fd(opened.Int);
                }
                else if (target.Hierarchy.Has("cpuset"))
                {
                    Cpuset.Fill(target.Hierarchy.MountPoint, target.Directory, isNew);
                }
            }

            done = true;
            return creation;
        }
        finally
        {
            if (!done)
            {
                creation.Dispose();
                creation.Rollback();
            }
        }
    }

    /// <summary>mkdir -p, the full path first since the parent usually exists; false when the directory existed.</summary>
    private static bool MakeDirectory(string directory, CgroupCreation creation)
    {
        const uint Mode = 0x1ed; // 0755
        const int Attempts = 8;
        for (int attempt = 0; ; attempt++)
        {
            SysResult made = Sys.MkdirAt(At.FDCWD, directory, Mode);
            if (!made.IsError)
            {
                creation.Add(directory);
                return true;
            }

            if (made.Is(Errno.EEXIST) && !Sys.Statx(At.FDCWD, directory, 0, out Statx stat).IsError)
            {
                return stat.IsType(FileType.Directory) ? false : throw CgroupErrors.Create(directory, Errno.ENOTDIR);
            }

            // ENOENT: no parent yet, or somebody removed an empty parent between the two calls.
            string parent = CgroupPath.Parent(directory);
            if (!made.Is(Errno.ENOENT) || parent.Length <= 1 || attempt == Attempts)
            {
                throw CgroupErrors.Create(directory, made.Errno);
            }

            _ = MakeDirectory(parent, creation);
        }
    }

    /// <summary>Refuses a plan whose cgroup exists and is in use, before anything is made; who is fast enough afterwards is not noticed.</summary>
    /// <exception cref="ContainerException">A process is in the cgroup, or it is frozen (runc's texts).</exception>
    public static void RequireUnused(CgroupPlan plan)
    {
        foreach (CgroupTarget target in plan.Targets)
        {
            RequireUnused(target.Directory);
        }
    }

    private static void RequireUnused(string directory)
    {
        int processes = CgroupProcesses.Count(directory);
        if (processes != 0)
        {
            throw new ContainerException($"container's cgroup is not empty: {processes} process(es) found");
        }

        if (CgroupProcesses.IsFrozen(directory))
        {
            throw new ContainerException("container's cgroup unexpectedly frozen");
        }
    }
}
