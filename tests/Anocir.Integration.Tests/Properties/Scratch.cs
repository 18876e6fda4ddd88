using System;
using System.IO;
using Anocir.Integration.Tests.Fixture;

namespace Anocir.Integration.Tests.Properties;

/// <summary>A directory of the host with a tmpfs of its own on it, until it is disposed.</summary>
internal sealed class Scratch : IDisposable
{
    public Scratch(string path)
    {
        Path = Directory.CreateDirectory(path).FullName;
        _ = Native.Check(Native.mount("scratch", Path, "tmpfs", 0, null), "mount");
    }

    public string Path { get; }

    public void Dispose() => _ = Native.umount2(Path, 2);
}
