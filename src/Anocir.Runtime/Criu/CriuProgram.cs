using System;
using System.Globalization;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.HookPrograms;
using Anocir.Runtime.Lifecycle;

namespace Anocir.Runtime.Criu;

/// <summary>The program criu (https://criu.org), which saves and restores processes, as a service of this process alone (<c>criu swrk</c>).</summary>
internal sealed class CriuProgram
{
    // From 3.16 (2021) on all is there that is asked of it: external namespaces, other LSM profiles, the freezer of cgroup v2.
    private const int MinVersion = 31600;

    private CriuProgram(string path) => Path = path;

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>The first one in $PATH, asked for its version.</summary>
    /// <exception cref="ContainerException">There is none, it does not work, or it is too old.</exception>
    public static CriuProgram Find()
    {
        string path = HostProgram.Find("criu")
            ?? throw new ContainerException("exec: \"criu\": executable file not found in $PATH; hint: install criu 3.16 or later on the host");
        using CriuService service = Start(path);
        var request = new ProtobufWriter();
        request.Number(1, (long)CriuRequestType.Version);
        CriuResponse response = service.Ask(request, "tell its version");
        return response.Version >= MinVersion
            ? new CriuProgram(path)
            : throw new ContainerException($"cannot use '{path}': it is criu {Text(response.Version)}, needed is 3.16 or later; hint: install a newer one");
    }

    /// <summary>
    /// Starts it for one request. It inherits the socket and the lock on the container, and nothing else: should this process be killed, nobody else touches the
    /// container until CRIU has noticed that and let its processes go.
    /// </summary>
    /// <param name="lockFd">The locked directory.</param>
    public CriuService Start(int lockFd) => Start(Path, lockFd);

    /// <summary>argv of the service on the socket with this number.</summary>
    public static string[] Arguments(int socket) => ["criu", "swrk", socket.ToString(CultureInfo.InvariantCulture)];

    /// <summary>Refuses what this CRIU or this kernel cannot do.</summary>
    /// <param name="memoryTracking">Whether dirty pages must be told (<c>--pre-dump</c>).</param>
    /// <param name="lazyPages">Whether pages must come on demand (<c>--lazy-pages</c>).</param>
    public void RequireFeatures(bool memoryTracking, bool lazyPages)
    {
        if (!memoryTracking && !lazyPages)
        {
            return;
        }

        var features = new ProtobufWriter();
        features.Flag(1, memoryTracking);
        features.Flag(2, lazyPages);
        var request = new ProtobufWriter();
        request.Number(1, (long)CriuRequestType.FeatureCheck);
        request.Message(5, features);
        using CriuService service = Start(Path);
        CriuResponse response = service.Ask(request, "tell its features");
        if (memoryTracking && !response.TracksMemory)
        {
            throw new ContainerException("cannot use --pre-dump: this kernel does not tell which pages were written; hint: it needs CONFIG_MEM_SOFT_DIRTY");
        }

        if (lazyPages && !response.HasLazyPages)
        {
            throw new ContainerException("cannot use --lazy-pages: criu finds no userfaultfd(2) that it can use; hint: 'criu check --feature uffd-noncoop' says more");
        }
    }

    private static CriuService Start(string path, int lockFd = -1)
    {
        const int Socket = 3;
        (Fd ours, Fd theirs) = LaunchFiles.Pair();
        using (theirs)
        {
            using Fd input = HookFile.Create("criu-input", default);
            Fd output = HookFile.Create("criu-output", default);
            SysResult spawned = Sys.Spawn(new SpawnOptions
            {
                Path = path,
                Arguments = Arguments(Socket),
                Environment = CallerEnvironment.Read(),
                NewSession = true, // a signal to the caller's group would end it in the middle of a dump
                Stdio = [input.Number, output.Number, output.Number, theirs.Number, .. lockFd < 0 ? ReadOnlySpan<int>.Empty : [lockFd]],
            });
            if (spawned.IsError)
            {
                ours.Dispose();
                output.Dispose();
                throw ContainerException.System("run", path, spawned.Errno);
            }

            return new CriuService(ours, spawned.Int, path, output);
        }
    }

    private static string Text(int version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version / 10_000}.{version / 100 % 100}.{version % 100}");
}
