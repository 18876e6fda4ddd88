using System;
using System.Collections.Generic;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Criu;

/// <summary>What CRIU's log says about a failure: its answer says no more than that there was one.</summary>
internal static class CriuLog
{
    private const int MaxLines = 3;

    /// <summary>The failure as the user shall read it.</summary>
    /// <param name="what">What failed: <c>checkpoint container 'x'</c>.</param>
    /// <param name="response">CRIU's answer.</param>
    /// <param name="path">Its log.</param>
    /// <param name="printed">What it printed, which it does where it could not even begin its log (<see cref="CriuService.Printed"/>).</param>
    public static ContainerException Explain(string what, CriuResponse response, string path, string printed)
    {
        byte[]? log = Read(path);
        List<string> lines = Errors(log);
        string cause = lines.Count > 0 ? string.Join("; ", lines)
            : (response.Errno != 0 ? ErrnoText.Describe((Errno)response.Errno) : "it says no cause") + printed;
        string more = log is null ? "it has not begun its log; are its configuration files right (/etc/criu, annotation org.criu.config)?" : $"'{path}' says more";
        return new ContainerException($"cannot {what}: criu: {cause}; hint: {Hint(cause)}{more}");
    }

    /// <summary>
    /// The lines with an error, without time stamp and place in CRIU's source: at most three, those that only say that all failed not among them.
    /// </summary>
    internal static List<string> Errors(ReadOnlySpan<byte> log)
    {
        List<string> lines = [];
        foreach (string line in Encoding.UTF8.GetString(log).Split('\n'))
        {
            int start = line.IndexOf("Error (", StringComparison.Ordinal);
            int end = start < 0 ? -1 : line.IndexOf("): ", start, StringComparison.Ordinal);
            string text = end < 0 ? "" : Printable.Escape(line[(end + "): ".Length)..].Trim());
            if (text.Length > 0 && !SaysNothing(text) && lines.Count < MaxLines && !lines.Contains(text))
            {
                lines.Add(Printable.Shorten(text));
            }
        }

        return lines;
    }

    // That all has failed, and errors that CRIU goes on after.
    private static bool SaysNothing(string text)
    {
        ReadOnlySpan<string> beginnings = ["rlimit: ", "tun: ", "exited, status=", "cg: cgroupd: "];
        foreach (string beginning in beginnings)
        {
            if (text.StartsWith(beginning, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return text.EndsWith("FAILED.", StringComparison.Ordinal) || text.Contains("failed with -1", StringComparison.Ordinal);
    }

    // What people meet and CRIU names no option for.
    private static string Hint(string cause)
    {
        ReadOnlySpan<(string Words, string Hint)> table =
        [
            ("Can't lookup mount=", "a descriptor of the container is a file outside of its root, as a redirected output is; start it with a pipe, /dev/null or a terminal there"),
            ("execvp(\"iptables-restore", "install iptables on the host, or try --network-lock nftables or skip"),
            ("Found dangling tty", "--shell-job saves a terminal that is the caller's"),
            ("Unseizable non-zombie", "a process waits for a child of vfork(2) that has not executed its program yet; try again"),
            ("Timeout reached", "a process did not stand still in time; try again"),
            ("Can't get rlimit", "criu needs CAP_SYS_RESOURCE for processes of other users"),
            (".img: Permission denied", "into a user namespace criu restores as root of that: the files and the directories above them must be readable by it"),
            ("proper root mount", "a mount of the container is not one of its config.json"),
            ("No mapping for", "config.json lacks a mount that the container had when it was saved"),
            ("use MPTCP", "for a Go program GODEBUG=multipathtcp=0 helps"),
        ];
        foreach ((string words, string hint) in table)
        {
            if (cause.Contains(words, StringComparison.Ordinal))
            {
                return hint + "; ";
            }
        }

        return "";
    }

    private static byte[]? Read(string path)
    {
        SysResult opened = Sys.Open(path, O.RDONLY | O.NOFOLLOW | O.NONBLOCK | O.CLOEXEC);
        if (opened.IsError)
        {
            return null;
        }

        using var file = new Fd(opened.Int);
        return SmallFile.Read(file.Number, out byte[] text).IsError ? [] : text;
    }
}
