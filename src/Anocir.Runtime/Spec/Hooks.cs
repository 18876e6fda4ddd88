namespace Anocir.Runtime.Spec;

/// <summary>config.md, "POSIX-platform Hooks", in the order they run.</summary>
public sealed class Hooks
{
    /// <summary>Deprecated form of <see cref="CreateRuntime"/>, run before it in the same place.</summary>
    public Hook[] Prestart { get; set; } = [];

    /// <summary>In the runtime's namespaces, once the container's exist, before the root is changed.</summary>
    public Hook[] CreateRuntime { get; set; } = [];

    /// <summary>In the container's namespaces (path resolved on the host's files), before the root is changed.</summary>
    public Hook[] CreateContainer { get; set; } = [];

    /// <summary>In the container, directly before the program.</summary>
    public Hook[] StartContainer { get; set; } = [];

    /// <summary>In the runtime's namespaces, after the program was started.</summary>
    public Hook[] Poststart { get; set; } = [];

    /// <summary>In the runtime's namespaces, after the container was deleted.</summary>
    public Hook[] Poststop { get; set; } = [];
}

/// <summary>One hook.</summary>
public sealed class Hook
{
    /// <summary>Absolute path of the program; REQUIRED.</summary>
    public string Path { get; set; } = "";

    /// <summary>argv including argv[0]; empty means the path alone.</summary>
    public string[] Args { get; set; } = [];

    /// <summary>Environment, <c>NAME=value</c>; empty and absent are the same.</summary>
    public string[] Env { get; set; } = [];

    /// <summary>Seconds until the hook is killed, at least 1; null when config.json has none (an hour then).</summary>
    public int? Timeout { get; set; }
}
