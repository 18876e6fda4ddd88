using System.Globalization;

namespace Anocir.Runtime.Errors;

/// <summary>Wait statuses (wait(2)) in words, as Go's os/exec words them: scripts know them from runc.</summary>
public static class WaitStatusText
{
    /// <summary><c>exit status 3</c>, <c>signal: killed</c> or <c>signal: aborted (core dumped)</c>.</summary>
    public static string Describe(int status)
    {
        int signal = status & 0x7f;
        return signal == 0
            ? "exit status " + ((status >> 8) & 0xff).ToString(CultureInfo.InvariantCulture)
            : $"signal: {Name(signal)}{((status & 0x80) != 0 ? " (core dumped)" : "")}";
    }

    /// <summary>The exit code a shell would report: the program's, or 128 + signal.</summary>
    public static int ExitCode(int status) => (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);

    // What programs die of; the rest by number.
    private static string Name(int signal) => signal switch
    {
        1 => "hangup",
        2 => "interrupt",
        3 => "quit",
        4 => "illegal instruction",
        6 => "aborted",
        7 => "bus error",
        8 => "floating point exception",
        9 => "killed",
        11 => "segmentation fault",
        13 => "broken pipe",
        14 => "alarm clock",
        15 => "terminated",
        31 => "bad system call",
        _ => signal.ToString(CultureInfo.InvariantCulture),
    };
}
