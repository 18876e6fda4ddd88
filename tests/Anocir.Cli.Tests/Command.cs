using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace Anocir.Cli.Tests;

/// <summary>Runs the published program ($ANOCIR, or what <c>make build</c> leaves in artifacts/bin) and keeps what came of it.</summary>
internal sealed record Command(int Status, string Output, string Error)
{
    public static string Program { get; } = Path.GetFullPath(Environment.GetEnvironmentVariable("ANOCIR") is { Length: > 0 } set
        ? set
        : Path.Combine(AppContext.BaseDirectory, "../../anocir"));

    public static async Task<Command> Run(string[] args, Dictionary<string, string?>? environment = null, string? workingDirectory = null, string? program = null)
    {
        var start = new ProcessStartInfo(program ?? Program, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach ((string name, string? value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Command(process.ExitCode, await output, await error);
    }
}
