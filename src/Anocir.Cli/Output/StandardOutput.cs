using System;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Cli.Output;

/// <summary>Standard output by write(2): Console would install signal handlers and read the terminal's description.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;

    /// <summary>Writes all of it.</summary>
    public static void Write(ReadOnlySpan<byte> data)
    {
        SysResult result = Sys.WriteAll(Descriptor, data);
        if (result.IsError)
        {
            throw ContainerException.System("write", "standard output", result.Errno);
        }
    }

    /// <summary>Writes all of it as UTF-8.</summary>
    public static void Write(string text) => Write(Encoding.UTF8.GetBytes(text));
}
