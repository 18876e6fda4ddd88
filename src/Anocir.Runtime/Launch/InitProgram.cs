using System;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Launch;

/// <summary>
/// The program anocir-init in a form that can be executed but never changed: a sealed memfd. What a container could reach
/// through /proc/PID/exe is thus neither the host's binary nor writable (CVE-2019-5736).
/// </summary>
public sealed class InitProgram : IDisposable
{
    /// <summary>Name that /proc/PID/exe of a waiting init shows.</summary>
    public const string Name = "anocir-init";

    private readonly Fd _image;

    private InitProgram(Fd image)
    {
        _image = image;
        if (Sys.Statx(image.Number, "", At.EMPTY_PATH, out Statx stat).IsError)
        {
            throw ContainerException.System("examine", Name, Errno.EBADF);
        }

        Device = ContainerProcess.Device(stat);
        Inode = stat.Ino;
    }

    /// <summary>Descriptor to execute.</summary>
    public int Descriptor => _image.Number;

    /// <summary>Device of the image, as records hold it.</summary>
    public ulong Device { get; }

    /// <summary>Inode of the image; with <see cref="Device"/> it tells a waiting init from the user's program.</summary>
    public ulong Inode { get; }

    /// <summary>Path under which this process executes the image.</summary>
    public string Path => "/proc/self/fd/" + Descriptor.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Makes the image: a memfd, or where vm.memfd_noexec forbids that, a file on a read-only tmpfs of its own.</summary>
    public static InitProgram Create()
    {
        SysResult created = Sys.MemfdCreate(Name, Memfd.CLOEXEC | Memfd.ALLOW_SEALING | Memfd.EXEC);
        if (created.Is(Errno.EINVAL))
        {
            created = Sys.MemfdCreate(Name, Memfd.CLOEXEC | Memfd.ALLOW_SEALING); // before Linux 6.3 every memfd is executable
        }

        if (created.Is(Errno.EACCES))
        {
            return new InitProgram(DetachedImage.Create(InitImage.Image));
        }

        if (created.IsError)
        {
            throw ContainerException.System("create memfd", Name, created.Errno);
        }

        var image = new Fd(created.Int);
        Require(Sys.WriteAll(image.Number, InitImage.Image), "write");
        Require(Sys.Chmod(image.Number, 0x16d), "chmod"); // 0555: 0500 could not be executed in a user namespace
        const int Seals = Memfd.SEAL_SEAL | Memfd.SEAL_SHRINK | Memfd.SEAL_GROW | Memfd.SEAL_WRITE;
        SysResult sealedResult = Sys.AddSeals(image.Number, Seals | Memfd.SEAL_EXEC);
        if (sealedResult.Is(Errno.EINVAL))
        {
            sealedResult = Sys.AddSeals(image.Number, Seals); // F_SEAL_EXEC came with Linux 6.3
        }

        Require(sealedResult, "seal");
        return new InitProgram(image);
    }

    /// <inheritdoc/>
    public void Dispose() => _image.Dispose();

    private static void Require(SysResult result, string verb)
    {
        if (result.IsError)
        {
            throw ContainerException.System(verb, Name, result.Errno, "check the memory limit of this process's cgroup");
        }
    }
}
