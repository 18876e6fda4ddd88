using System.Globalization;
using Anocir.Linux;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Criu;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The checkpoint command: CRIU saves the container's processes; then, unless they go on, the container is removed.</summary>
public static class CheckpointOperation
{
    private const string LogFile = "dump.log";

    /// <summary>Saves a running or paused container.</summary>
    public static void Checkpoint(RuntimeOptions options, CheckpointOptions checkpoint)
    {
        using var store = StateStore.Open(options.Root);
        using ContainerDirectory directory = store.Get(checkpoint.Id);
        DirectoryLock.Take(directory);
        ContainerRecord record = directory.Load();
        ContainerStatus status = ContainerProcess.Evaluate(record);
        if (status is not (ContainerStatus.Running or ContainerStatus.Paused))
        {
            throw new ContainerException($"cannot checkpoint container in {ContainerProcess.Text(status)} state: only one that is running or paused can be");
        }

        StatusFd.Check(checkpoint.StatusFd);
        CriuProgram criu = CriuProgram.Find();
        criu.RequireFeatures(checkpoint.PreDump, checkpoint.Choices.LazyPages);
        using var files = CheckpointFiles.Create(checkpoint);
        RuntimeConfig config = LoadConfig(directory, record);
        var cgroups = new UnifiedOptions();
        try
        {
            Dump(checkpoint, criu, files, record, config, directory.Descriptor);
        }
        finally
        {
            Warn(options, cgroups.Restore());
        }

        if (!checkpoint.Choices.LeaveRunning && !checkpoint.PreDump)
        {
            Remove(options, directory, record);
        }
    }

    // The checkpoint is there, and that is what was asked for.
    private static void Remove(RuntimeOptions options, ContainerDirectory directory, ContainerRecord record)
    {
        try
        {
            DeleteOperation.Release(options, directory, record);
        }
        catch (ContainerException e)
        {
            Warn(options, "the container is saved, but not removed: " + e.Message);
        }
    }

    private static void Warn(RuntimeOptions options, string? warning)
    {
        if (warning is not null)
        {
            options.Log.Warn(warning);
        }
    }

    private static RuntimeConfig LoadConfig(ContainerDirectory directory, ContainerRecord record)
    {
        RuntimeConfig config = StoredConfig.Load(directory)
            ?? throw new ContainerException($"cannot checkpoint container '{record.Id}': '{directory.Path}/{StateFiles.Config}' is missing");
        MountDestinations.Clean(config.Mounts, record.Rootfs);
        MountDestinations.MakeAbsolute(config.Mounts);
        return config;
    }

    private static void Dump(CheckpointOptions checkpoint, CriuProgram criu, CheckpointFiles files, ContainerRecord record, RuntimeConfig config, int lockFd)
    {
        var request = new CriuOptions
        {
            ImagesFd = files.ImagesFd,
            WorkFd = files.WorkFd,
            LogFile = LogFile,
            Pid = record.Pid,
            Root = record.Rootfs,
            Choices = checkpoint.Choices,
            ConfigFile = CriuConfigFile.Find(config),
            FreezeCgroup = record.Cgroup?.Freezer,
        };
        AddNamespace(request, config, NamespaceType.Network, "net", record.Pid);
        AddNamespace(request, config, NamespaceType.Pid, "pid", record.Pid);
        if (!checkpoint.PreDump)
        {
            using (var mounts = new ExternalMounts(config, record.Bundle, record.Rootfs))
            {
                mounts.AddForDump(record.Pid, request.ExternalMounts);
            }

            files.WriteDescriptors(record.Streams);
        }

        using CriuService service = criu.Start(lockFd);
        CriuRequestType type = checkpoint.PreDump ? CriuRequestType.PreDump : CriuRequestType.Dump;
        CriuResponse response = service.Work(type, request, (script, _, fd) =>
        {
            using var unwanted = new Fd(fd);
            if (script == "status-ready")
            {
                StatusFd.Tell(checkpoint.StatusFd);
            }
        });
        if (!response.Success)
        {
            throw CriuLog.Explain($"checkpoint container '{record.Id}'", response, files.WorkPath + "/" + LogFile, service.Printed());
        }

        // After a pre-dump CRIU waits for the next one on the same connection; its end then is no failure.
        if (!service.Finish() && !checkpoint.PreDump)
        {
            throw new ContainerException($"cannot checkpoint container '{record.Id}': criu failed after it had answered; hint: '{files.WorkPath}/{LogFile}' says more");
        }
    }

    // The namespace stays outside of the image, under the name that runc gives it.
    private static void AddNamespace(CriuOptions request, RuntimeConfig config, NamespaceType type, string file, int pid)
    {
        if (config.Linux?.FindNamespace(type)?.Path is not { Length: > 0 })
        {
            return;
        }

        string path = $"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/ns/{file}";
        SysResult found = Sys.Statx(At.FDCWD, path, 0, out Statx stat);
        if (found.IsError)
        {
            throw ContainerException.System("examine", path, found.Errno);
        }

        request.External.Add($"{file}[{stat.Ino.ToString(CultureInfo.InvariantCulture)}]:{CriuNamespaces.Name(file)}");
    }
}
