using System;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;

namespace Anocir.Runtime.State;

/// <summary>
/// The state directory of one container, held by a descriptor. Whoever changes it holds its lock (flock on the directory
/// itself, so a killed process leaves no lock behind); readers need none, for the record is replaced by rename.
/// </summary>
public sealed class ContainerDirectory : IDisposable
{
    private readonly Fd _directory;

    /// <summary>Owns <paramref name="directory"/>; may outlive the store it came from.</summary>
    internal ContainerDirectory(ContainerId id, string path, Fd directory)
    {
        Id = id;
        Path = path;
        _directory = directory;
    }

    /// <summary>The container's name.</summary>
    public ContainerId Id { get; }

    /// <summary>Absolute path, for messages and for records of other programs; files here are used by descriptor.</summary>
    public string Path { get; }

    /// <summary>Descriptor of the directory (borrowed).</summary>
    public int Descriptor => _directory.Number;

    /// <summary>
    /// Takes the lock of a directory that a creator has just made. Between its mkdir(2) and its open(2) a forced delete may have removed the
    /// empty directory and another creator may have made it anew; whoever gets the lock first and writes its record owns the name.
    /// Throws <see cref="StateErrors.AlreadyExists"/> when somebody else did, <see cref="StateErrors.NotFound"/> when the directory is gone.
    /// </summary>
    public void Claim()
    {
        DirectoryLock.Take(this);
        if (!Sys.AccessAt(Descriptor, StateFiles.Record, 0).IsError)
        {
            throw StateErrors.AlreadyExists();
        }
    }

    /// <summary>Takes the lock if nobody holds it; throws <see cref="StateErrors.NotFound"/> when the directory is gone.</summary>
    public bool TryLock()
    {
        SysResult result = Sys.TryLockExclusive(Descriptor);
        if (result.Is(Errno.EAGAIN))
        {
            return false;
        }

        if (result.IsError)
        {
            throw ContainerException.System("lock", Path, result.Errno);
        }

        return IsRemoved() ? throw StateErrors.NotFound() : true;
    }

    /// <summary>
    /// The record; throws <see cref="StateErrors.NoRecord"/> when the create was killed before it wrote one, and
    /// <see cref="StateErrors.NotFound"/> when another command is about to write it or has removed the directory.
    /// </summary>
    public ContainerRecord Load() => TryLoad() ?? throw WithoutRecord();

    /// <summary>The record, or null when there is none. A damaged one throws.</summary>
    public ContainerRecord? TryLoad()
    {
        byte[]? content = ReadFile(StateFiles.Record);
        return content is null ? null : ContainerRecordReader.Read(content, Id.Value);
    }

    /// <summary>Replaces the record: readers see the old one or the new one. The caller holds the lock.</summary>
    public void Save(ContainerRecord record) => WriteFile(StateFiles.Record, ContainerRecordWriter.Write(record).WrittenSpan);

    /// <summary>Writes a file by way of a temporary one and rename. The caller holds the lock; mode 0600.</summary>
    public void WriteFile(string name, ReadOnlySpan<byte> content)
    {
        const uint OwnerOnly = 0x180; // 0600
        string temporary = "." + name + ".new";
        SysResult result = Sys.OpenAt(Descriptor, temporary, O.WRONLY | O.CREAT | O.TRUNC | O.NOFOLLOW | O.CLOEXEC, OwnerOnly);
        if (!result.IsError)
        {
            using var file = new Fd(result.Int);
            result = Sys.WriteAll(file.Number, content);
        }

        if (!result.IsError)
        {
            result = Sys.RenameAt(Descriptor, temporary, Descriptor, name);
        }

        if (result.IsError)
        {
            _ = Sys.UnlinkAt(Descriptor, temporary);
            throw ContainerException.System("write", Path + "/" + name, result.Errno);
        }
    }

    /// <summary>The content of a file of this directory, or null when it does not exist.</summary>
    public byte[]? ReadFile(string name)
    {
        // NONBLOCK: what should be a file and is a FIFO is empty, where an open for reading would wait for ever.
        SysResult result = Sys.OpenAt(Descriptor, name, O.RDONLY | O.NOFOLLOW | O.NONBLOCK | O.CLOEXEC);
        if (result.Is(Errno.ENOENT))
        {
            return null;
        }

        if (result.IsError)
        {
            throw Unreadable("open", name, result.Errno);
        }

        using var file = new Fd(result.Int);
        SysResult read = SmallFile.Read(file.Number, out byte[] content, isRegular: true);
        return read.IsError ? throw Unreadable("read", name, read.Errno) : content;
    }

    /// <summary>Makes a directory in this one; mode 0700.</summary>
    public void CreateDirectory(string name)
    {
        const uint OwnerOnly = 0x1c0; // 0700
        SysResult result = Sys.MkdirAt(Descriptor, name, OwnerOnly);
        if (result.IsError)
        {
            throw ContainerException.System("create", Path + "/" + name, result.Errno);
        }
    }

    /// <summary>
    /// Makes a FIFO and opens it for reading and writing, so that no open ever waits. For the owner alone whatever the umask, where runc's exec.fifo is 0622: there init
    /// writes, here it reads, and whoever could write would start the container.
    /// </summary>
    public Fd CreateFifo(string name)
    {
        const uint FifoMode = 0x180; // 0600
        SysResult result = Sys.MkfifoAt(Descriptor, name, FifoMode);
        if (!result.IsError)
        {
            result = Sys.ChmodAt(Descriptor, name, FifoMode);
        }

        return result.IsError ? throw ContainerException.System("create", Path + "/" + name, result.Errno) : OpenFifo(name);
    }

    /// <summary>Opens a FIFO for reading and writing.</summary>
    public Fd OpenFifo(string name)
    {
        SysResult result = Sys.OpenAt(Descriptor, name, O.RDWR | O.NOFOLLOW | O.CLOEXEC);
        return result.IsError ? throw ContainerException.System("open", Path + "/" + name, result.Errno) : new Fd(result.Int);
    }

    /// <summary>
    /// Removes the directory and all in it, by descriptor and without following links. The record goes last: as long as something cannot be
    /// removed there is a container that another delete finds. The caller holds the lock.
    /// </summary>
    public void Remove()
    {
        // The one directory that is always there, by name: to look into others takes openat2(2), which a filter around this command may hide.
        _ = Sys.UnlinkAt(Descriptor, StateFiles.ReplyFifo);
        _ = Sys.UnlinkAt(Descriptor, StateFiles.Reply, At.REMOVEDIR);
        TreeRemover.RemoveContents(Descriptor, Path, last: StateFiles.Record);
        SysResult result = Sys.UnlinkAt(Descriptor, "../" + Id.Value, At.REMOVEDIR);
        if (result.IsError && !result.Is(Errno.ENOENT))
        {
            throw ContainerException.System("remove", Path, result.Errno);
        }
    }

    /// <summary>The name of something that no killed create leaves in a directory without a record; null when there is a record, or nothing such.</summary>
    public string? FindForeign()
    {
        if (!Sys.AccessAt(Descriptor, StateFiles.Record, 0).IsError)
        {
            return null;
        }

        _ = Sys.Seek(Descriptor, 0);
        return DirectoryReader.Names(Descriptor, Path).Find(static name => !StateFiles.IsOurs(name));
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    // A link, a directory or 64 MiB where the record should be never become one; a lack of descriptors or of rights may pass.
    private ContainerException Unreadable(string verb, string name, Errno errno)
    {
        bool isDamaged = name == StateFiles.Record && (errno is Errno.ELOOP or Errno.EISDIR or Errno.EFBIG);
        return isDamaged
            ? ContainerException.System(verb, Path + "/" + name, errno, $"remove it with 'anocir delete --force {Id.Value}'", isDamagedRecord: true)
            : ContainerException.System(verb, Path + "/" + name, errno);
    }

    // Whoever only reads holds no lock: a creation at work has the directory locked and no record yet. The shared lock keeps readers from taking each
    // other for it; one that a caller already holds stays his.
    private ContainerException WithoutRecord() =>
        Sys.TryLockShared(Descriptor).Is(Errno.EAGAIN) || IsRemoved() ? StateErrors.NotFound() : StateErrors.NoRecord(Id.Value);

    private bool IsRemoved() => Sys.Statx(Descriptor, "", At.EMPTY_PATH, out Statx status).IsError || status.Nlink == 0;
}
