using System;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Planning;

namespace Anocir.Runtime.State;

/// <summary>What tells one process from a later one with the same PID: its start time (proc(5), /proc/PID/stat).</summary>
public readonly struct ProcessIdentity
{
    /// <summary>State character: R, S, D, Z (zombie), X (dead), …</summary>
    public char State { get; init; }

    /// <summary>Start time in clock ticks since boot (field 22).</summary>
    public ulong StartTime { get; init; }

    /// <summary>Whether it is called as anocir-init calls itself.</summary>
    public bool HasInitName { get; init; }

    /// <summary>Whether this is the process that started at <paramref name="startTime"/>, and it has not ended (zombies have).</summary>
    public bool IsLive(ulong startTime) => StartTime == startTime && State is not ('Z' or 'X' or 'x');

    /// <summary>Reads /proc/PID/stat; false when there is no such process (or /proc cannot be read).</summary>
    /// <exception cref="Errors.ContainerException">This process has too few descriptors or memory.</exception>
    public static bool TryRead(int pid, out ProcessIdentity identity)
    {
        // The second field, the only one that can be long, is at most 64 bytes; 52 numbers follow.
        Span<byte> buffer = stackalloc byte[1536];
        string path = "/proc/" + pid.ToString(CultureInfo.InvariantCulture) + "/stat";
        SysResult result = SmallFile.Read(At.FDCWD, path, buffer);
        identity = default;
        if (result.Errno is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM)
        {
            throw Errors.ContainerException.System("read", path, result.Errno); // says nothing about the process
        }

        return !result.IsError && TryParse(buffer[..result.Int], out identity);
    }

    /// <summary>Parses the line of /proc/PID/stat.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out ProcessIdentity identity)
    {
        identity = default;

        // The name is the process's own text and may hold anything, ") " included: the last parenthesis ends it.
        int start = line.IndexOf((byte)'(');
        int end = line.LastIndexOf((byte)')');
        if (start < 0 || end < start || end + 2 >= line.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = line[(end + 2)..];
        char state = (char)rest[0];
        const int FieldsBetween = 22 - 3;
        for (int i = 0; i < FieldsBetween; i++)
        {
            int space = rest.IndexOf((byte)' ');
            if (space < 0)
            {
                return false;
            }

            rest = rest[(space + 1)..];
        }

        if (!Utf8Parser.TryParse(rest, out ulong startTime, out _))
        {
            return false;
        }

        bool hasInitName = Ascii.Equals(line[(start + 1)..end], InitPlanner.ProcessName);
        identity = new ProcessIdentity { State = state, StartTime = startTime, HasInitName = hasInitName };
        return true;
    }
}
