using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Anocir.Linux;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.SeccompFilters;

/// <summary>
/// Compiled filters below the state root, by the hash of what they were compiled from (docs/seccomp.md). A file counts only when nobody but
/// this user could have written it, and when it is whole; everything else is as if it were not there. Nothing here is ever an error.
/// </summary>
internal static class SeccompCache
{
    /// <summary>Name of the directory; no container can have it.</summary>
    public const string DirectoryName = "@seccomp";

    /// <summary>Most filters that are kept; the next one empties the directory first.</summary>
    public const int MaxEntries = 64;

    private const int HeaderSize = 8 + Sha256.Size + 12;
    private const int MaxSize = HeaderSize + (SeccompProgram.MaxInstructions * 8);
    private const uint OthersMayWrite = 0x12; // S_IWGRP | S_IWOTH

    /// <summary>Compiles a filter, or takes it from the cache in <paramref name="root"/>.</summary>
    public static SeccompProgram Compile(Seccomp config, string root)
    {
        using Fd? directory = Open(root);
        if (directory is null)
        {
            return SeccompCompiler.Compile(config);
        }

        byte[] key = SeccompKey.Of(config);
        string name = Convert.ToHexStringLower(key);
        if (TryRead(directory, name, key, out SeccompProgram program))
        {
            return program;
        }

        program = SeccompCompiler.Compile(config);
        Write(directory, name, key, program);
        return program;
    }

    /// <summary>The directory, made when it is missing; null when others could change it or what it is in.</summary>
    private static Fd? Open(string root)
    {
        const uint OwnerOnly = 0x1c0; // 0700
        const uint Sticky = 0x200;
        SysResult opened = Sys.Open(root, O.RDONLY | O.DIRECTORY | O.CLOEXEC);
        if (opened.IsError)
        {
            return null;
        }

        using var parent = new Fd(opened.Int);
        if (!IsOurs(parent.Number, out Statx stat) || ((stat.Mode & OthersMayWrite) != 0 && (stat.Mode & Sticky) == 0))
        {
            return null;
        }

        _ = Sys.MkdirAt(parent.Number, DirectoryName, OwnerOnly);
        opened = Sys.OpenAt(parent.Number, DirectoryName, O.RDONLY | O.DIRECTORY | O.NOFOLLOW | O.CLOEXEC);
        var directory = new Fd(opened.IsError ? -1 : opened.Int);
        if (directory.IsOpen && IsOurs(directory.Number, out stat) && (stat.Mode & 0x3f) == 0)
        {
            return directory;
        }

        directory.Dispose();
        return null;
    }

    private static bool IsOurs(int fd, out Statx stat) =>
        !Sys.Statx(fd, "", At.EMPTY_PATH, out stat).IsError && stat.Uid == Sys.GetEuid();

    private static bool TryRead(Fd directory, string name, byte[] key, out SeccompProgram program)
    {
        program = default;
        SysResult opened = Sys.OpenAt(directory.Number, name, O.RDONLY | O.NOFOLLOW | O.NONBLOCK | O.CLOEXEC);
        if (opened.IsError)
        {
            return false;
        }

        using var file = new Fd(opened.Int);
        bool trusted = IsOurs(file.Number, out Statx stat) && stat.IsType(FileType.Regular) && (stat.Mode & OthersMayWrite) == 0
            && stat.Nlink == 1 && stat.Size is > HeaderSize and <= MaxSize;
        if (!trusted)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[HeaderSize];
        byte[] code = GC.AllocateUninitializedArray<byte>((int)stat.Size - HeaderSize);
        bool whole = Sys.Read(file.Number, header).Value == HeaderSize && Sys.Read(file.Number, code).Value == code.Length
            && header.StartsWith(Magic) && header.Slice(Magic.Length, Sha256.Size).SequenceEqual(key)
            && ReadNumber(header, 1) == (uint)code.Length && ReadNumber(header, 2) == Checksum(code) && code.Length % 8 == 0;
        program = whole ? new SeccompProgram(code, ReadNumber(header, 0)) : default;
        return whole;
    }

    // Complete under another name first: a reader sees all of it or nothing, whatever happens in between.
    private static void Write(Fd directory, string name, byte[] key, SeccompProgram program)
    {
        const uint OwnerReads = 0x180; // 0600
        MakeRoom(directory);
        byte[] content = new byte[HeaderSize + program.Program.Length];
        Magic.CopyTo(content);
        key.CopyTo(content.AsSpan(Magic.Length));
        WriteNumber(content, 0, program.Flags);
        WriteNumber(content, 1, (uint)program.Program.Length);
        WriteNumber(content, 2, Checksum(program.Program));
        program.Program.CopyTo(content, HeaderSize);
        string temporary = name + "." + Sys.GetPid().ToString(CultureInfo.InvariantCulture);
        SysResult result = Sys.OpenAt(directory.Number, temporary, O.WRONLY | O.CREAT | O.EXCL | O.NOFOLLOW | O.CLOEXEC, OwnerReads);
        if (result.IsError)
        {
            return;
        }

        using (var file = new Fd(result.Int))
        {
            result = Sys.WriteAll(file.Number, content);
        }

        if (result.IsError || Sys.RenameAt(directory.Number, temporary, directory.Number, name).IsError)
        {
            _ = Sys.UnlinkAt(directory.Number, temporary);
        }
    }

    private static void MakeRoom(Fd directory)
    {
        List<string> names = DirectoryReader.Names(directory.Number, DirectoryName);
        if (names.Count >= MaxEntries)
        {
            foreach (string name in names)
            {
                _ = Sys.UnlinkAt(directory.Number, name);
            }
        }
    }

    private static ReadOnlySpan<byte> Magic => "ANOCSCF1"u8;

    private static uint ReadNumber(ReadOnlySpan<byte> content, int index) =>
        BinaryPrimitives.ReadUInt32LittleEndian(content[(Magic.Length + Sha256.Size + (index * 4))..]);

    private static void WriteNumber(Span<byte> content, int index, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(content[(Magic.Length + Sha256.Size + (index * 4))..], value);

    // Against torn files, not against people: CRC-32C.
    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(data))
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        return crc;
    }
}
