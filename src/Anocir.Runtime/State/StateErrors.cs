using Anocir.Runtime.Errors;

namespace Anocir.Runtime.State;

/// <summary>The fixed phrases of state errors. Engines match on them, so they equal runc's word for word.</summary>
public static class StateErrors
{
    /// <summary>No container of that name: docker, containerd and podman look for "does not exist".</summary>
    public const string NotFoundText = "container does not exist";

    /// <summary>The name is taken.</summary>
    public const string AlreadyExistsText = "container with given ID already exists";

    /// <summary>A signal for a container whose init is gone; containerd takes it for "already exited".</summary>
    public const string NotRunningText = "container not running";

    /// <summary>resume of a container that is not paused.</summary>
    public const string NotPausedText = "container not paused";

    /// <summary><see cref="NotFoundText"/>, marked so that <c>delete --force</c> may ignore it.</summary>
    public static ContainerException NotFound() => new(NotFoundText) { IsNotFound = true };

    /// <summary>
    /// The directory is there but holds no record: its create was killed between the two. Says "does not exist" too, since no
    /// engine can do more with it than delete it.
    /// </summary>
    public static ContainerException NoRecord(string id) =>
        new($"{NotFoundText}: the creation of '{id}' was interrupted; hint: remove what is left with 'anocir delete --force {id}'");

    /// <summary><see cref="AlreadyExistsText"/>.</summary>
    public static ContainerException AlreadyExists() => new(AlreadyExistsText);

    /// <summary><see cref="NotRunningText"/>.</summary>
    public static ContainerException NotRunning() => new(NotRunningText);

    /// <summary><see cref="NotPausedText"/>.</summary>
    public static ContainerException NotPaused() => new(NotPausedText);

    /// <summary>The container stayed in the caller's cgroup, so what a cgroup of its own is needed for cannot be done.</summary>
    public static ContainerException NoCgroup(string id) => new(
        $"container '{id}' has no cgroup of its own: it was made with --cgroup-manager disabled, or without root where no cgroup was delegated; "
        + "hint: make it in a delegated one (systemd-run --user --scope -p Delegate=yes COMMAND)");
}
