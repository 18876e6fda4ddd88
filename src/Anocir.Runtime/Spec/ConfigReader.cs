using System;
using System.Text.Json;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Spec;

/// <summary>Reads config.json: the file into bytes, and bytes into the model.</summary>
public static class ConfigReader
{
    /// <summary>Largest config.json that is read, in bytes; real ones have some 15 KB.</summary>
    public const int MaxSize = 16 * 1024 * 1024;

    private const int UnknownSize = 16 * 1024;
    private const int WriterMilliseconds = 10_000;

    /// <summary>The whole file. It is read once at create, so callers keep these bytes where they need the text again.</summary>
    /// <exception cref="ContainerException">No such file, unreadable, or larger than <see cref="MaxSize"/>.</exception>
    public static byte[] ReadFile(string path)
    {
        SysResult opened = Sys.Open(path, O.RDONLY | O.CLOEXEC | O.NONBLOCK); // a FIFO that nobody writes to is an empty file
        if (opened.Is(Errno.ENOENT))
        {
            throw NotFound(path);
        }

        if (opened.IsError)
        {
            throw ContainerException.System(
                "open",
                Printable.Escape(path),
                opened.Errno,
                opened.Is(Errno.EACCES) ? "the user of this command must be able to read the bundle" : null);
        }

        using var fd = new Fd(opened.Int);
        return ReadAll(fd, path);
    }

    /// <summary>All of standard input, which is closed then.</summary>
    /// <exception cref="ContainerException">It cannot be read, or is larger than <see cref="MaxSize"/>.</exception>
    public static byte[] ReadStandardInput()
    {
        using var fd = new Fd(0);
        return ReadAll(fd, "standard input");
    }

    private static byte[] ReadAll(Fd fd, string path)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(FirstSize(fd));
        int length = 0;
        Span<byte> next = stackalloc byte[1];
        while (Fill(fd, buffer, ref length, path))
        {
            // Full: usually the end of the file, which only one more read can tell.
            int extra = 0;
            if (!Fill(fd, next, ref extra, path))
            {
                return buffer;
            }

            if (length >= MaxSize)
            {
                throw new ContainerException($"invalid config: {Printable.Escape(path)}: must not be larger than 16 MiB");
            }

            Array.Resize(ref buffer, Math.Min(length * 2, MaxSize));
            buffer[length++] = next[0];
        }

        Array.Resize(ref buffer, length);
        return buffer;
    }

    // The size of a pipe or of a file of the kernel is 0.
    private static int FirstSize(Fd fd)
    {
        SysResult result = Sys.Statx(fd.Number, "", At.EMPTY_PATH, out Statx status);
        return result.IsError || status.Size == 0 ? UnknownSize : (int)Math.Min(status.Size, MaxSize);
    }

    /// <summary>Reads until the buffer is full (true) or the file ends (false).</summary>
    private static bool Fill(Fd fd, Span<byte> buffer, ref int length, string path)
    {
        while (length < buffer.Length)
        {
            SysResult read = Sys.Read(fd.Number, buffer[length..]);
            if (read.Is(Errno.EAGAIN))
            {
                if (Sys.PollInput(fd.Number, -1, WriterMilliseconds).Value != 0)
                {
                    continue;
                }

                throw new ContainerException($"waited {WriterMilliseconds / 1000} s for what is to be written to '{Printable.Escape(path)}'");
            }

            if (read.IsError)
            {
                throw ContainerException.System("read", Printable.Escape(path), read.Errno);
            }

            if (read.Int == 0)
            {
                return false;
            }

            length += read.Int;
        }

        return true;
    }

    /// <summary>
    /// The model of a JSON text. Only the form is checked: types, ranges, REQUIRED properties, NUL bytes; unknown properties
    /// are ignored at every level. <see cref="Validation.ConfigValidator"/> checks what the values mean.
    /// </summary>
    /// <exception cref="ContainerException">The text is not JSON, or a property has the wrong form; names its path.</exception>
    public static RuntimeConfig Parse(ReadOnlySpan<byte> json)
    {
        var reader = new SpecReader(json);
        try
        {
            return reader.ReadDocument();
        }
        catch (JsonException e)
        {
            throw NotJson(json, e);
        }
    }

    /// <summary>The model of a JSON text that is linux.resources alone, as <c>update --resources</c> reads it.</summary>
    /// <exception cref="ContainerException">As <see cref="Parse"/>; paths count from the top of this text.</exception>
    public static Resources ParseResources(ReadOnlySpan<byte> json)
    {
        var reader = new SpecReader(json);
        try
        {
            return reader.ReadResourcesDocument();
        }
        catch (JsonException e)
        {
            throw NotJson(json, e);
        }
    }

    /// <summary>The model of a JSON text that is the <c>process</c> of a config: the file of <c>exec --process</c>.</summary>
    /// <exception cref="ContainerException">As for <see cref="Parse"/>; paths start with <c>process</c>.</exception>
    public static Process ParseProcess(ReadOnlySpan<byte> json)
    {
        var reader = new SpecReader(json);
        try
        {
            return reader.ReadProcessDocument();
        }
        catch (JsonException e)
        {
            throw NotJson(json, e);
        }
    }

    // runc changes to the bundle first, so its text has the bare name; the directory is our addition behind it.
    private static ContainerException NotFound(string path)
    {
        string shown = Printable.Escape(path);
        int slash = shown.LastIndexOf('/');
        return new(slash <= 0
            ? $"JSON specification file {shown} not found"
            : $"JSON specification file {shown[(slash + 1)..]} not found in '{shown[..slash]}'");
    }

    private static ContainerException NotJson(ReadOnlySpan<byte> json, JsonException e)
    {
        long line = e.LineNumber ?? 0;
        long column = e.BytePositionInLine ?? 0;
        ReadOnlySpan<byte> rest = json;
        for (long i = 0; i < line; i++)
        {
            rest = rest[(rest.IndexOf((byte)'\n') + 1)..];
        }

        rest = column < rest.Length ? rest[(int)column..] : default;
        string found = rest.IsEmpty ? "end of file" : JsonLocation.FirstCharacter(rest);
        return new($"invalid config: line {line + 1}, column {column + 1}: not valid JSON: unexpected {found}");
    }
}
