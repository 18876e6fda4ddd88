using System;
using System.Collections.Generic;
using System.IO;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;

namespace Anocir.Runtime.State;

/// <summary>
/// The directory that holds one directory per container, held by a descriptor. Names go through <see cref="ContainerId"/>, so
/// none can lead elsewhere.
/// </summary>
public sealed class StateStore : IDisposable
{
    private const uint RootMode = 0x1c0; // 0700, as runc
    private const uint StickyRootMode = 0x3c0; // 01700: the XDG specification's mark for "do not clean up"
    private const uint ContainerMode = 0x1c9; // 0711, as runc: the init of a user namespace passes through

    private readonly Fd? _root;
    private readonly string _path;

    private StateStore(string path, Fd? root)
    {
        _path = path;
        _root = root;
    }

    /// <summary>Opens the store for reading; a missing root is an empty store.</summary>
    public static StateStore Open(string root)
    {
        SysResult result = OpenRoot(root);
        if (result.Is(Errno.ENOENT))
        {
            return new StateStore(root, null);
        }

        return result.IsError
            ? throw ContainerException.System("open the state root", root, result.Errno)
            : new StateStore(root, new Fd(result.Int));
    }

    /// <summary>Opens the store for a new container and makes the root if it is missing.</summary>
    public static StateStore OpenOrCreate(RuntimeOptions options)
    {
        SysResult result = OpenRoot(options.Root);
        if (result.Is(Errno.ENOENT))
        {
            MakeDirectories(options.Root, Hint(options));
            result = OpenRoot(options.Root);
        }

        if (!result.IsError && options.RootIsInRuntimeDir)
        {
            SysResult changed = Sys.ChmodAt(At.FDCWD, options.Root, StickyRootMode);
            if (changed.IsError)
            {
                _ = Sys.Close(result.Int);
                throw ContainerException.System("chmod the state root", options.Root, changed.Errno, "check the permissions of $XDG_RUNTIME_DIR");
            }
        }

        return result.IsError
            ? throw ContainerException.System("open the state root", options.Root, result.Errno, result.Is(Errno.EACCES) ? Hint(options) : null)
            : new StateStore(options.Root, new Fd(result.Int));
    }

    /// <summary>Whether the root exists.</summary>
    public bool Exists => _root is not null;

    /// <summary>
    /// Takes a name for a new container: makes its directory and locks it. The caller writes the intent record next.
    /// Throws <see cref="StateErrors.AlreadyExists"/>.
    /// </summary>
    public ContainerDirectory Reserve(ContainerId id)
    {
        // A delete --force that takes the lock in between removes the directory, for nothing is in it yet. Then it is made anew.
        const int Attempts = 100;
        for (int i = 1; ; i++)
        {
            try
            {
                return ReserveOnce(id);
            }
            catch (ContainerException e) when (e.IsNotFound && i < Attempts)
            {
            }
        }
    }

    private ContainerDirectory ReserveOnce(ContainerId id)
    {
        int root = _root?.Number ?? throw new InvalidOperationException("the store was opened for reading");
        SysResult made = Sys.MkdirAt(root, id.Value, ContainerMode);
        if (made.Is(Errno.EEXIST))
        {
            throw StateErrors.AlreadyExists();
        }

        if (made.IsError)
        {
            throw ContainerException.System("create the state directory", PathOf(id), made.Errno);
        }

        try
        {
            ContainerDirectory directory = Find(id) ?? throw StateErrors.NotFound();
            try
            {
                directory.Claim();
                return directory;
            }
            catch
            {
                directory.Dispose();
                throw;
            }
        }
        catch (ContainerException e) when (!e.IsNotFound)
        {
            _ = Sys.UnlinkAt(root, id.Value, At.REMOVEDIR);
            throw;
        }
    }

    /// <summary>The directory of a container, with or without a record in it; null when there is none.</summary>
    public ContainerDirectory? Find(ContainerId id)
    {
        if (_root is null)
        {
            return null;
        }

        SysResult result = Sys.OpenAt(_root.Number, id.Value, O.RDONLY | O.DIRECTORY | O.NOFOLLOW | O.CLOEXEC);
        if (result.Is(Errno.ENOENT))
        {
            return null;
        }

        return result.IsError
            ? throw ContainerException.System("open the state directory", PathOf(id), result.Errno)
            : new ContainerDirectory(id, PathOf(id), new Fd(result.Int));
    }

    /// <summary>The directory of a container that must exist; throws <see cref="StateErrors.NotFound"/>.</summary>
    public ContainerDirectory Get(ContainerId id) => Find(id) ?? throw StateErrors.NotFound();

    /// <summary>The names in the store, in ordinal order, with or without a record.</summary>
    public List<ContainerId> List()
    {
        List<ContainerId> ids = [];
        if (_root is not null)
        {
            // An own descriptor: the position in a directory belongs to the open file.
            using var root = new Fd(Reopen(_root.Number));
            foreach (string name in DirectoryReader.Names(root.Number, _path, directoriesOnly: true))
            {
                if (ContainerId.TryParse(name, out ContainerId id))
                {
                    ids.Add(id);
                }
            }
        }

        ids.Sort(static (a, b) => string.CompareOrdinal(a.Value, b.Value));
        return ids;
    }

    /// <inheritdoc/>
    public void Dispose() => _root?.Dispose();

    private static int Reopen(int directory)
    {
        SysResult result = Sys.OpenAt(directory, ".", O.RDONLY | O.DIRECTORY | O.CLOEXEC);
        return result.IsError ? throw ContainerException.System("open", "the state root", result.Errno) : result.Int;
    }

    private static SysResult OpenRoot(string path) => Sys.Open(path, O.RDONLY | O.DIRECTORY | O.CLOEXEC);

    private static string Hint(RuntimeOptions options) => options.RootIsExplicit || options.RootIsInRuntimeDir || !Caller.Current.IsRootless
        ? "choose another directory with --root"
        : "set XDG_RUNTIME_DIR to a directory of yours, or choose one with --root";

    private static void MakeDirectories(string path, string hint)
    {
        SysResult made = Sys.MkdirAt(At.FDCWD, path, RootMode);
        if (made.Is(Errno.ENOENT) && Path.GetDirectoryName(path) is { Length: > 1 } parent)
        {
            MakeDirectories(parent, hint);
            made = Sys.MkdirAt(At.FDCWD, path, RootMode);
        }

        // EEXIST: another create was faster.
        if (made.IsError && !made.Is(Errno.EEXIST))
        {
            throw ContainerException.System("create the state root", path, made.Errno, hint);
        }
    }

    private string PathOf(ContainerId id) => _path + "/" + id.Value;
}
