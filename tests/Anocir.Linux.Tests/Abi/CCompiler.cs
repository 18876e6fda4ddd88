using System;
using System.Diagnostics;

namespace Anocir.Linux.Tests.Abi;

/// <summary>A C compiler as a judge of generated declarations.</summary>
internal static class CCompiler
{
    /// <summary>Another compiler, with options, to check what was compiled for another architecture (eng/test-arm64.sh).</summary>
    public static string? Foreign { get; } = Environment.GetEnvironmentVariable("ANOCIR_ABI_CC");

    /// <summary>Compiles the text with these headers and the preprocessor's glibc extensions; fails with its words.</summary>
    public static void Check(string headers, string source)
    {
        string[] command = (Foreign ?? "gcc").Split(' ');
        var start = new ProcessStartInfo(command[0], [.. command[1..], "-std=gnu11", "-fsyntax-only", "-x", "c", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        using Process gcc = Process.Start(start)!;
        gcc.StandardInput.WriteLine("#define _GNU_SOURCE 1");
        foreach (string header in headers.Split(' '))
        {
            gcc.StandardInput.WriteLine($"#include <{header}>");
        }

        gcc.StandardInput.Write(source);
        gcc.StandardInput.Close();
        string messages = gcc.StandardError.ReadToEnd();
        gcc.WaitForExit();
        if (gcc.ExitCode != 0)
        {
            throw new InvalidOperationException(messages);
        }
    }
}
