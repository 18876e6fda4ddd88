namespace Anocir.Runtime.State;

/// <summary>Names of the files in a container's state directory.</summary>
public static class StateFiles
{
    /// <summary>The <see cref="ContainerRecord"/>.</summary>
    public const string Record = "state.json";

    /// <summary>The configuration as it was at create, for start and delete.</summary>
    public const string Config = "config.json";

    /// <summary>The FIFO from which the waiting init reads one byte to start; the name is runc's.</summary>
    public const string ExecFifo = "exec.fifo";

    /// <summary>The directory of <see cref="ReplyFifo"/>.</summary>
    public const string Reply = "reply";

    /// <summary>
    /// The FIFO on which the init answers: 'G', or a record of the failed exec. It is called as the other one: tools that look for descriptors
    /// of the runtime in a waiting init know that name.
    /// </summary>
    public const string ReplyFifo = Reply + "/exec.fifo";

    /// <summary>linux.resources as they are after an update; absent until there was one.</summary>
    public const string Resources = "resources.json";

    /// <summary>An empty directory during a restore: where CRIU finds the container's root, in a mount namespace of its own.</summary>
    public const string CriuRoot = "criu-root";

    /// <summary>Whether a name in a container's directory is one that anocir puts there, that of a file being replaced included.</summary>
    public static bool IsOurs(string name) => name is Record or Config or Resources or ExecFifo or Reply or CriuRoot or "." + Record + ".new" or "." + Config + ".new" or "." + Resources + ".new";
}
