using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Anocir.Linux;

namespace Anocir.Runtime.Errors;

/// <summary>
/// Why the kernel refused to execute a file, from the file itself: execve(2) says ENOENT for a missing interpreter as for a missing file. The
/// root is looked at from the host, without the container's mounts, so what is not found there is left to the general hint.
/// </summary>
internal static class ProgramFile
{
    private const int HeadLength = 4096;
    private const int ElfHeaderLength = 64;
    private const int ProgramHeaderLength = 56;
    private const int InterpreterHeader = 3; // PT_INTERP

    /// <summary>The cause in words, or null when the file does not show one. <paramref name="program"/> is an absolute path in the root.</summary>
    public static string? Explain(string root, string program)
    {
        SysResult opened = Sys.Open(root, O.PATH | O.DIRECTORY | O.CLOEXEC);
        if (opened.IsError)
        {
            return null;
        }

        using var directory = new Fd(opened.Int);
        Span<byte> head = stackalloc byte[HeadLength];
        int length = Read(directory, program, head);
        return length < 0 ? null : Explain(directory, head[..length]);
    }

    private static string? Explain(Fd root, ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            return "the file is empty";
        }

        if (head.StartsWith("#!"u8))
        {
            return ExplainScript(root, head[2..]);
        }

        return head.StartsWith("\x7f"u8) && head[1..].StartsWith("ELF"u8) ? ExplainElf(root, head)
            : "the file is neither an ELF program nor a script that begins with #!";
    }

    private static string? ExplainScript(Fd root, ReadOnlySpan<byte> line)
    {
        int end = line.IndexOf((byte)'\n');
        line = end < 0 ? line : line[..end];
        if (line.EndsWith("\r"u8))
        {
            return "the script has CRLF line ends, and the kernel takes CR for a part of the interpreter's name: convert it, sed -i 's/\\r$//' FILE";
        }

        line = line.Trim((byte)' ');
        int blank = line.IndexOfAny((byte)' ', (byte)'\t');
        string interpreter = Encoding.UTF8.GetString(blank < 0 ? line : line[..blank]);
        return Exists(root, interpreter) ? null : $"the script's interpreter '{interpreter}' (its first line) is not in the image";
    }

    private static string? ExplainElf(Fd root, ReadOnlySpan<byte> head)
    {
        if (head.Length < ElfHeaderLength)
        {
            return "the ELF file is cut off";
        }

        bool is64 = head[4] == 2;
        bool isLittle = head[5] == 1;
        ushort machine = isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(head[18..]) : BinaryPrimitives.ReadUInt16BigEndian(head[18..]);
        if (machine != HostMachine)
        {
            return $"it is a program for {MachineName(machine)}, this machine is {MachineName(HostMachine)}: use an image for this architecture";
        }

        string? loader = is64 && isLittle ? FindInterpreter(head) : null;
        return loader is null || Exists(root, loader) ? null
            : $"its ELF loader '{loader}' is not in the image: use a static program, or an image with the C library it was linked with";
    }

    private static string? FindInterpreter(ReadOnlySpan<byte> head)
    {
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(head[32..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(head[56..]);
        for (int i = 0; i < count; i++)
        {
            ulong at = offset + ((ulong)i * ProgramHeaderLength);
            if (offset > HeadLength || at + ProgramHeaderLength > (ulong)head.Length)
            {
                return null;
            }

            ReadOnlySpan<byte> header = head[(int)at..];
            ulong start = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
            ulong size = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) == InterpreterHeader && start < HeadLength && size is > 1 and < HeadLength
                && start + size <= (ulong)head.Length)
            {
                return Encoding.UTF8.GetString(head.Slice((int)start, (int)size).TrimEnd((byte)0));
            }
        }

        return null;
    }

    private static bool Exists(Fd root, string path)
    {
        SysResult found = Sys.OpenAt2(root.Number, path, O.PATH | O.CLOEXEC, Resolve.IN_ROOT | Resolve.NO_MAGICLINKS);
        if (found.IsError)
        {
            return found.Errno is not (Errno.ENOENT or Errno.ENOTDIR);
        }

        _ = Sys.Close(found.Int);
        return true;
    }

    // Only a regular file is opened for reading: to open a device can have effects.
    private static int Read(Fd root, string path, Span<byte> head)
    {
        SysResult looked = Sys.OpenAt2(root.Number, path, O.PATH | O.CLOEXEC, Resolve.IN_ROOT | Resolve.NO_MAGICLINKS);
        if (looked.IsError)
        {
            return -1;
        }

        using var file = new Fd(looked.Int);
        if (Sys.Statx(file.Number, "", At.EMPTY_PATH, out Statx stat).IsError || !stat.IsType(FileType.Regular))
        {
            return -1;
        }

        SysResult opened = Sys.OpenAt2(root.Number, path, O.RDONLY | O.NONBLOCK | O.CLOEXEC, Resolve.IN_ROOT | Resolve.NO_MAGICLINKS);
        if (opened.IsError)
        {
            return -1;
        }

        using var content = new Fd(opened.Int);
        SysResult read = Sys.Read(content.Number, head);
        return read.IsError ? -1 : read.Int;
    }

    private static ushort HostMachine => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Arm64 : X64;

    private const ushort X64 = 62;
    private const ushort Arm64 = 183;

    // EM_* of elf.h, in the names that images are tagged with.
    private static string MachineName(ushort machine) => machine switch
    {
        3 => "386",
        20 or 21 => "ppc64",
        22 => "s390x",
        40 => "arm",
        X64 => "amd64",
        Arm64 => "arm64",
        243 => "riscv64",
        258 => "loong64",
        _ => "another architecture",
    };
}
