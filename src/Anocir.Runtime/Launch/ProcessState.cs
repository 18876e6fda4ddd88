using System;
using System.Globalization;
using System.Text;
using Anocir.Linux;

namespace Anocir.Runtime.Launch;

/// <summary>What a process is doing, for messages about waits that took too long.</summary>
internal static class ProcessState
{
    /// <summary><c>(process 42, state D, in nfs_wait)</c>.</summary>
    public static string Describe(int pid)
    {
        if (pid <= 0)
        {
            return "(no process yet)";
        }

        string directory = "/proc/" + pid.ToString(CultureInfo.InvariantCulture);
        string state = State.ProcessIdentity.TryRead(pid, out State.ProcessIdentity identity) ? identity.State.ToString() : "gone";
        Span<byte> buffer = stackalloc byte[128];
        SysResult opened = Sys.Open(directory + "/wchan", O.RDONLY | O.CLOEXEC);
        string channel = "";
        if (!opened.IsError)
        {
            using var file = new Fd(opened.Int);
            SysResult read = Sys.Read(file.Number, buffer);
            channel = read.IsError ? "" : Encoding.ASCII.GetString(buffer[..read.Int]);
        }

        return "(process " + pid.ToString(CultureInfo.InvariantCulture) + ", state " + state + (channel is "" or "0" ? ")" : ", in " + channel + ")");
    }
}
