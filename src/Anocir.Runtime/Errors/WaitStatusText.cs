using System.Globalization;

namespace Anocir.Runtime.Errors;

/// <summary>Wait statuses (wait(2)) in words, as Go's os/exec words them.</summary>
public static class WaitStatusText
{
    /// <summary><c>exit status 3</c> or <c>signal: 9</c>.</summary>
    public static string Describe(int status)
    {
        int signal = status & 0x7f;
        return signal == 0
            ? "exit status " + ((status >> 8) & 0xff).ToString(CultureInfo.InvariantCulture)
            : "killed by signal " + signal.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The exit code a shell would report: the program's, or 128 + signal.</summary>
    public static int ExitCode(int status) => (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);
}
