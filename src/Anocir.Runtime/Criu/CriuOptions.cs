using System.Collections.Generic;

namespace Anocir.Runtime.Criu;

/// <summary>
/// What a request asks of CRIU: message criu_opts of images/rpc.proto, where each member is explained. What is null, 0 or false is left out, and then CRIU's
/// default holds.
/// </summary>
internal sealed class CriuOptions
{
    /// <summary>Descriptor of this process: the directory of the image files.</summary>
    public required int ImagesFd { get; set; }

    /// <summary>Descriptor of this process: the directory of log and statistics; -1: that of the images.</summary>
    public int WorkFd { get; set; } = -1;

    /// <summary>Name of the log below it.</summary>
    public required string LogFile { get; init; }

    /// <summary>Init of the container, for a dump.</summary>
    public int Pid { get; init; }

    /// <summary>The container's root.</summary>
    public required string Root { get; init; }

    /// <summary>What the user chose.</summary>
    public required CheckpointChoices Choices { get; init; }

    /// <summary>The user's file of settings that come before these; null for none.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Whether CRIU shall make init a sibling of itself, which makes it a child of this process (restore).</summary>
    public bool RestoreAsSibling { get; init; }

    /// <summary>The cgroup whose freezer stops the processes while they are saved; null: they are stopped one by one.</summary>
    public string? FreezeCgroup { get; init; }

    /// <summary>Mounts that come from outside: of a dump the place in the container and a name, of a restore the name and the place on the host.</summary>
    public List<(string Key, string Value)> ExternalMounts { get; } = [];

    /// <summary>Namespaces that come from outside (dump), as <c>net[4026531840]:NAME</c>.</summary>
    public List<string> External { get; } = [];

    /// <summary>Descriptors of CRIU that stand for something of the image: a pipe, an outside namespace (restore).</summary>
    public List<(string Key, int Fd)> InheritFds { get; } = [];

    /// <summary>Namespaces to join: kind and file (restore).</summary>
    public List<(string Kind, string File)> JoinNamespaces { get; } = [];

    /// <summary>The cgroup of each controller in which the processes shall be (restore).</summary>
    public List<(string Controller, string Path)> CgroupRoots { get; } = [];

    /// <summary>The message.</summary>
    public ProtobufWriter Write()
    {
        const int LogDebug = 4;
        const int EmptyNetwork = 0x40000000; // CLONE_NEWNET: what is in a network namespace is the engine's, as with runc
        var message = new ProtobufWriter();
        message.Number(1, ImagesFd);
        if (Pid != 0)
        {
            message.Number(2, Pid);
        }

        message.Flag(3, Choices.LeaveRunning);
        message.Flag(4, Choices.ExternalUnixSockets);
        message.Flag(5, Choices.TcpEstablished);
        message.Flag(6, RestoreAsSibling); // evasive_devices: a terminal or device may have another name on this host
        message.Flag(7, Choices.ShellJob);
        message.Flag(8, Choices.FileLocks);
        message.Number(9, LogDebug);
        message.Text(10, LogFile);
        if (Choices.PageServer is { } server)
        {
            var address = new ProtobufWriter();
            address.Text(1, server.Address);
            address.Number(2, server.Port);
            message.Message(11, address);
        }

        message.Flag(12, true); // notify_scripts
        message.Text(13, Root);
        message.Text(14, Choices.ParentPath);
        message.Flag(15, Choices.ParentPath is not null); // track_mem
        message.Flag(16, Choices.AutoDedup);
        if (WorkFd >= 0)
        {
            message.Number(17, WorkFd);
        }

        message.Flag(18, Choices.LinkRemap);
        message.Flag(24, true); // manage_cgroups
        message.Flag(26, RestoreAsSibling);
        message.Number(34, Choices.CgroupsMode);
        message.Number(38, EmptyNetwork);
        message.Text(44, FreezeCgroup);
        message.Flag(46, Choices.TcpSkipInFlight);
        message.Flag(48, Choices.LazyPages);
        message.Flag(50, true); // orphan_pts_master: the master of the terminal comes with a notification
        message.Text(51, ConfigFile);
        message.Flag(52, Choices.TcpClose);
        message.Text(53, Choices.LsmProfile);
        message.Text(63, Choices.LsmMountContext);
        if (Choices.NetworkLock != 0)
        {
            message.Number(64, Choices.NetworkLock);
        }

        WriteLists(message);
        return message;
    }

    private void WriteLists(ProtobufWriter message)
    {
        foreach ((string key, string value) in ExternalMounts)
        {
            message.Pair(23, key, value);
        }

        foreach ((string controller, string path) in CgroupRoots)
        {
            message.Pair(25, controller, path);
        }

        foreach ((string key, int fd) in InheritFds)
        {
            var inherited = new ProtobufWriter();
            inherited.Text(1, key);
            inherited.Number(2, fd);
            message.Message(27, inherited);
        }

        foreach (string external in External)
        {
            message.Text(37, external);
        }

        foreach ((string kind, string file) in JoinNamespaces)
        {
            message.Pair(39, kind, file);
        }
    }
}
