using System;
using System.IO;

namespace Anocir.Init.Tests;

/// <summary>A directory of one test.</summary>
internal sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("anocir-init-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string AddDirectory(string name) => Directory.CreateDirectory(this[name]).FullName;

    public string AddFile(string name, string content = "")
    {
        File.WriteAllText(this[name], content);
        return this[name];
    }

    public string AddLink(string name, string target)
    {
        File.CreateSymbolicLink(this[name], target);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
