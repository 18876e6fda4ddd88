using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text.Json;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The directories of a checkpoint, opened, and the one file in them that is not CRIU's.</summary>
internal sealed class CheckpointFiles : IDisposable
{
    // The file of runc: what the standard streams of init led to.
    private const string Descriptors = "descriptors.json";
    private const uint OwnerOnly = 0x1c0; // 0700: memory of the container is in there
    private readonly Fd _images;
    private readonly Fd _work;

    private CheckpointFiles(string imagePath, Fd images, string? workPath, Fd work)
    {
        ImagePath = imagePath;
        WorkPath = workPath ?? imagePath;
        _images = images;
        _work = work;
    }

    /// <summary>Absolute path of the images' directory.</summary>
    public string ImagePath { get; }

    /// <summary>Absolute path of the directory of the log.</summary>
    public string WorkPath { get; }

    /// <summary>The images' directory (borrowed).</summary>
    public int ImagesFd => _images.Number;

    /// <summary>The directory of the log (borrowed); -1: the same one.</summary>
    public int WorkFd => _work.Number;

    /// <summary>Makes the directories of a checkpoint where they are not there yet.</summary>
    public static CheckpointFiles Create(CheckpointOptions options)
    {
        string images = System.IO.Path.GetFullPath(options.ImagePath);
        Make(images);
        string? work = options.WorkPath is { } path ? System.IO.Path.GetFullPath(path) : null;
        if (work is not null)
        {
            Make(work);
        }

        CheckParent(images, options.Choices.ParentPath);
        return Open(images, work);
    }

    /// <summary>Opens those of a checkpoint that was made; only the log's is made when it is not there.</summary>
    public static CheckpointFiles Find(CheckpointOptions options)
    {
        string images = System.IO.Path.GetFullPath(options.ImagePath);
        if (Sys.Statx(At.FDCWD, images + "/inventory.img", 0, out _) is { IsError: true } missing)
        {
            throw new ContainerException($"cannot restore from '{images}': no inventory.img there: {ErrnoText.Describe(missing.Errno)}; hint: --image-path "
                + "names the directory that checkpoint wrote");
        }

        string? work = options.WorkPath is { } path ? System.IO.Path.GetFullPath(path) : null;
        if (work is not null)
        {
            Make(work);
        }

        return Open(images, work);
    }

    /// <summary>Writes what the standard streams led to.</summary>
    public void WriteDescriptors(IReadOnlyList<string> links)
    {
        const uint Mode = 0x180; // 0600
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartArray();
            foreach (string link in links)
            {
                json.WriteStringValue(link);
            }

            json.WriteEndArray();
        }

        SysResult result = Sys.OpenAt(ImagesFd, Descriptors, O.WRONLY | O.CREAT | O.TRUNC | O.NOFOLLOW | O.CLOEXEC, Mode);
        if (!result.IsError)
        {
            using var file = new Fd(result.Int);
            result = Sys.WriteAll(file.Number, text.WrittenSpan);
        }

        if (result.IsError)
        {
            throw ContainerException.System("write", ImagePath + "/" + Descriptors, result.Errno);
        }
    }

    /// <summary>What they led to; an image of somebody else's may have no such file.</summary>
    public List<string> ReadDescriptors()
    {
        string path = ImagePath + "/" + Descriptors;
        SysResult opened = Sys.OpenAt(ImagesFd, Descriptors, O.RDONLY | O.NOFOLLOW | O.NONBLOCK | O.CLOEXEC);
        if (opened.Is(Errno.ENOENT))
        {
            return [];
        }

        using var file = new Fd(opened.IsError ? -1 : opened.Int);
        SysResult read = opened;
        byte[] text = [];
        if (!opened.IsError)
        {
            read = SmallFile.Read(file.Number, out text);
        }

        if (read.IsError)
        {
            throw ContainerException.System("read", path, read.Errno);
        }

        try
        {
            List<string> links = [];
            var json = new Utf8JsonReader(text);
            while (json.Read())
            {
                if (json.TokenType == JsonTokenType.String)
                {
                    links.Add(json.GetString()!);
                }
            }

            return links;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ContainerException($"cannot read '{path}': it is not a JSON array of strings");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _images.Dispose();
        _work.Dispose();
    }

    private static CheckpointFiles Open(string images, string? work)
    {
        Fd first = OpenDirectory(images);
        try
        {
            return new CheckpointFiles(images, first, work, work is null ? new Fd(-1) : OpenDirectory(work));
        }
        catch
        {
            first.Dispose();
            throw;
        }
    }

    private static Fd OpenDirectory(string path)
    {
        SysResult opened = Sys.Open(path, O.RDONLY | O.DIRECTORY | O.CLOEXEC);
        return opened.IsError ? throw ContainerException.System("open", path, opened.Errno) : new Fd(opened.Int);
    }

    private static void Make(string path)
    {
        SysResult made = Sys.MkdirAt(At.FDCWD, path, OwnerOnly);
        if (made.Is(Errno.ENOENT) && path.LastIndexOf('/') is > 0 and int slash)
        {
            Make(path[..slash]);
            made = Sys.MkdirAt(At.FDCWD, path, OwnerOnly);
        }

        if (made.IsError && !made.Is(Errno.EEXIST))
        {
            throw ContainerException.System("create", path, made.Errno);
        }
    }

    private static void CheckParent(string images, string? parent)
    {
        if (parent is null)
        {
            return;
        }

        if (parent.StartsWith('/'))
        {
            throw new ContainerException($"--parent-path must be relative to the image path, got '{parent}'");
        }

        string path = images + "/" + parent;
        SysResult found = Sys.Statx(At.FDCWD, path, 0, out Statx stat);
        if (found.IsError || !stat.IsType(FileType.Directory))
        {
            throw new ContainerException($"invalid --parent-path: cannot use '{path}': {ErrnoText.Describe(found.IsError ? found.Errno : Errno.ENOTDIR)}");
        }
    }
}
