using System;
using System.IO;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>Where the tested program and the things made once per run are.</summary>
internal static class Paths
{
    private static readonly Lazy<string> s_run = new(MakeRunDirectory);
    private static readonly Lazy<string> s_probe = new(static () => Compile("probe"));
    private static readonly Lazy<string> s_crash = new(static () => Compile("crash"));
    private static readonly Lazy<string> s_spec = new(WriteSpec);

    /// <summary>The published binary: $ANOCIR, or the one that <c>make build</c> leaves in artifacts/bin.</summary>
    public static string Anocir { get; } = Find();

    /// <summary>A directory for this run, removed when the process ends.</summary>
    public static string Run => s_run.Value;

    /// <summary>The static guest program.</summary>
    public static string Probe => s_probe.Value;

    /// <summary>The program that kills another one at a chosen system call.</summary>
    public static string Crash => s_crash.Value;

    /// <summary>What <c>anocir spec</c> prints.</summary>
    public static string Spec => s_spec.Value;

    private static string Find()
    {
        string path = Path.GetFullPath(Environment.GetEnvironmentVariable("ANOCIR") is { Length: > 0 } set
            ? set
            : Path.Combine(AppContext.BaseDirectory, "../../anocir"));
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: make build, or set ANOCIR to the published binary");
    }

    private static string MakeRunDirectory()
    {
        string path = Directory.CreateTempSubdirectory("anocir-itest-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(path, recursive: true);
        return path;
    }

    private static string WriteSpec()
    {
        CliResult written = Cli.Execute([Anocir, "spec", "--bundle", Run], new());
        return written.Code == 0 ? File.ReadAllText(Path.Combine(Run, "config.json")) : throw new InvalidOperationException(written.ToString());
    }

    private static string Compile(string name)
    {
        if (Environment.GetEnvironmentVariable("ANOCIR_" + name.ToUpperInvariant()) is { Length: > 0 } compiledBefore)
        {
            return compiledBefore; // a guest without a compiler
        }

        string program = Path.Combine(Run, name);
        string source = Path.Combine(AppContext.BaseDirectory, $"guest/{name}.c");
        CliResult compiled = Cli.Execute(["/usr/bin/musl-gcc", "-static", "-O1", "-Wall", "-Werror", "-o", program, source], new());
        return compiled.Code == 0 ? program : throw new InvalidOperationException($"cannot compile the {name}: {compiled.Stderr}");
    }
}
