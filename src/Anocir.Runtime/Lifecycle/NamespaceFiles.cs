using System;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Opens the namespace files that linux.namespaces names, and makes sure each is what its entry says.</summary>
internal sealed class NamespaceFiles : IDisposable
{
    private readonly Fd?[] _files;

    /// <summary>Opens them all.</summary>
    public NamespaceFiles(LinuxNamespace[] entries)
    {
        _files = new Fd?[entries.Length];
        Numbers = new int[entries.Length];
        Array.Fill(Numbers, -1);
        for (int i = 0; i < entries.Length; i++)
        {
            if (entries[i].Path is { Length: > 0 } path)
            {
                Fd file = Open(entries[i].Type, path, NamespacePlanner.Index("linux.namespaces", i) + ".path");
                _files[i] = file;
                Numbers[i] = file.Number;
                User = entries[i].Type == NamespaceType.User ? file.Number : User;
            }
        }
    }

    /// <summary>The fd of each entry, -1 for one without a path.</summary>
    public int[] Numbers { get; }

    /// <summary>The fd of the user namespace to join, -1 when there is none.</summary>
    public int User { get; } = -1;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Fd? file in _files)
        {
            file?.Dispose();
        }
    }

    private static Fd Open(NamespaceType type, string path, string property)
    {
        SysResult opened = Sys.Open(path, O.RDONLY | O.NONBLOCK | O.CLOEXEC);
        if (opened.IsError)
        {
            throw new ContainerException($"invalid config: {property}: cannot open '{path}': {ErrnoHints.Cause(opened.Errno)}");
        }

        var file = new Fd(opened.Int);
        SysResult actual = Sys.NamespaceType(file.Number);
        if (!actual.IsError && (uint)actual.Int == NamespacePlanner.FlagOf(type))
        {
            return file;
        }

        file.Dispose();
        string what = actual.IsError ? "not a namespace" : "a namespace of type " + NamespaceText.Flags((uint)actual.Int);
        throw new ContainerException(
            $"invalid config: {property}: '{path}' is {what}, not of type {NamespaceText.Flags(NamespacePlanner.FlagOf(type))}");
    }
}
