using System;
using System.Text;
using Anocir.Runtime.Errors;

namespace Anocir.Cli.CommandLine;

/// <summary>What <c>anocir help TOPIC</c> explains besides the commands; anocir(1) has the same as sections.</summary>
internal static class TopicTable
{
    /// <summary>Number of topics.</summary>
    public const int Count = 7;

    /// <summary>Finds a topic by its name.</summary>
    public static bool TryFind(string name, out TopicInfo topic)
    {
        for (int i = 0; i < Count; i++)
        {
            topic = Get(i);
            if (topic.Name == name)
            {
                return true;
            }
        }

        topic = default;
        return false;
    }

    /// <summary>The topic at an index below <see cref="Count"/>, in the order of the manual.</summary>
    public static TopicInfo Get(int index) => index switch
    {
        0 => new("bundles", "what a container is made from, and how its life goes", """
            A bundle is a directory with a file config.json and the root filesystem that it names:

                mkdir -p bundle/rootfs
                tar -C bundle/rootfs -xf image.tar
                anocir spec --bundle bundle
                anocir run --bundle bundle demo

            run does all in one. Engines take the steps one by one: create makes everything and leaves an init that waits, start lets it
            execute the program, state tells how it is, kill sends a signal, delete removes what is left. A container stays, also when its
            program has ended, until it is deleted.

            The status is creating, created, running, paused or stopped.
            """),
        1 => new("engines", "how Docker, Podman and containerd are told to use anocir", """
            Docker, once or in /etc/docker/daemon.json:

                dockerd --add-runtime anocir=/usr/bin/anocir
                { "runtimes": { "anocir": { "path": "/usr/bin/anocir" } } }
                docker run --runtime anocir IMAGE

            Podman, once or in /etc/containers/containers.conf:

                podman --runtime /usr/bin/anocir run IMAGE
                [engine.runtimes]
                anocir = ["/usr/bin/anocir"]

            containerd, for one container, or as a runtime class in /etc/containerd/config.toml with BinaryName:

                ctr run --runc-binary /usr/bin/anocir IMAGE NAME

            Each engine has a --root of its own: /run/docker/runtime-runc/moby, /run/containerd/runc/NAMESPACE.
            'anocir --root DIR list' shows its containers.
            """),
        2 => new("exit-status", "what the exit status of anocir means", """
                0      success; also --help and --version
                1      an error, with a message on standard error (and in --log)
                3      a command that does not exist
                other  run in the foreground: the exit status of the container's program, or 128 + the number of the signal that ended it
            """),
        3 => new("messages", "how an error reads, and where to look next", """
            An error is one line and is said once. It names what was to be done, the object, the property of config.json, what the kernel
            answered, and mostly what to do about it:

                cannot open mount source '/nowhere' for '/data' (mounts[7]): no such file or directory (ENOENT)

            --debug says more. 'anocir plan' prints every step of a create with the property it comes from, and takes none.
            """),
        4 => new("environment", "variables that anocir reads", """
                XDG_RUNTIME_DIR           $XDG_RUNTIME_DIR/anocir is the default of --root for other users than root, and for root of a
                                          user namespace unless USER is root
                LISTEN_FDS, LISTEN_PID    sockets to pass on (systemd's protocol), if LISTEN_PID is the command's own PID

            Nothing else of the caller's environment reaches the container.
            """),
        5 => new("files", "where state and configuration are", """
                config.json               in the bundle: the configuration of a container, read once by create
                /run/anocir/ID            state of a container (see --root)
                /sys/fs/cgroup            cgroups, at linux.cgroupsPath of the configuration
            """),
        6 => new("errors", "each message with its cause and what to do", Errors(), hasPage: true),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    private static string Errors()
    {
        var text = new StringBuilder("Each message, without \"anocir COMMAND failed: \", then its cause and what to do where it does not say so itself.\n");
        foreach (ErrorCause cause in ErrorCatalogue.All)
        {
            text.Append("\n    ").Append(cause.Message).Append("\n\n");
            string more = cause.Cause.Length == 0 || cause.Fix.Length == 0 ? cause.Cause + cause.Fix : cause.Cause + ". To do: " + cause.Fix;
            text.Append(more.Length == 0 ? "As the message says" : more).Append(".\n");
        }

        return text.ToString().TrimEnd('\n');
    }
}
