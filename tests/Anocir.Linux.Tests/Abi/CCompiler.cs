using System;
using System.Diagnostics;

namespace Anocir.Linux.Tests.Abi;

/// <summary>gcc as a judge of generated declarations.</summary>
internal static class CCompiler
{
    /// <summary>Compiles the text with these headers and the preprocessor's glibc extensions; fails with gcc's words.</summary>
    public static void Check(string headers, string source)
    {
        var start = new ProcessStartInfo("gcc", "-std=gnu11 -fsyntax-only -x c -")
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
