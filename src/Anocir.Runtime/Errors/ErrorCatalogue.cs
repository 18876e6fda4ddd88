namespace Anocir.Runtime.Errors;

/// <summary>
/// What people meet, why, and what to do: <c>anocir help errors</c>, anocir-errors(7) and the table in docs/errors.md are made from it. A test
/// makes each of them happen and compares the whole message.
/// </summary>
public static class ErrorCatalogue
{
    /// <summary>The rows, in the order of the document: the program, the configuration, mounts, limits of the host, options, hooks.</summary>
    public static ErrorCause[] All =>
    [
        new(
            "exec: \"nope\": executable file not found in $PATH",
            "no such file in the directories of the *container's* PATH",
            "correct args[0] or PATH in `process.env`"),
        new(
            "exec: \"/nope\": stat /nope: no such file or directory",
            "the path is not there in the container, after all mounts",
            "look whether a mount covers it"),
        new(
            "exec: \"/etc/passwd\": permission denied; hint: the file needs the x bit, the user every directory "
                + "above it, and no mount of it may be noexec",
            "as the hint says; the check is made as the container's user",
            "chmod in the image"),
        new(
            "exec: \"/bin\": is a directory",
            "args[0] names a directory",
            "name a program"),
        new(
            "exec /bin/text: exec format error; hint: the file is neither an ELF program nor a script that begins with #!",
            "execve refused the file",
            "add `#!/bin/sh`, or name the interpreter in args"),
        new(
            "exec /bin/script: no such file or directory; hint: the script's interpreter '/nope' (its first "
                + "line) is not in the image",
            "`#!/nope`",
            "install the interpreter, or correct the line"),
        new(
            "exec /bin/crlf: no such file or directory; hint: the script has CRLF line ends, and the kernel "
                + "takes CR for a part of the interpreter's name: convert it, sed -i 's/\\r$//' FILE",
            "edited or checked out on Windows",
            "`git config core.autocrlf input`, convert the file"),
        new(
            "exec /bin/dynamic: no such file or directory; hint: its ELF loader '/lib/ld-nope.so.1' is not in "
                + "the image: use a static program, or an image with the C library it was linked with",
            "a glibc program in an image with musl, or the other way round",
            ""),
        new(
            "exec /bin/foreign: exec format error; hint: it is a program for arm, this machine is amd64: use an "
                + "image for this architecture",
            "",
            "pull the image with `--platform`, or install binfmt handlers (qemu-user-static)"),
        new(
            "exec /bin/empty: exec format error; hint: the file is empty",
            "a build that went wrong, a full disk",
            ""),
        new(
            "exec: \"/data/true\": permission denied; hint: the file needs the x bit, the user every directory "
                + "above it, and no mount of it may be noexec",
            "`/data` is mounted with `noexec`",
            "leave the option out, or put the program elsewhere"),
        new(
            "exec: \"/bin/private\": permission denied; hint: the file needs the x bit, the user every directory "
                + "above it, and no mount of it may be noexec",
            "mode 0700 and `process.user.uid` 1000",
            "chmod in the image"),
        new(
            "invalid config: root.path: cannot use 'BUNDLE/nope': no such file or directory (ENOENT); hint: is "
                + "the image's root mounted or unpacked there?",
            "nobody unpacked or mounted the image",
            "prepare the bundle first"),
        new(
            "invalid config: process.cwd: Cwd must be an absolute path, got \"etc\"",
            "",
            "begin it with `/`"),
        new(
            "invalid config: process.args: must be an array, got \"sh\"",
            "a wrong JSON type",
            "`[\"sh\"]`"),
        new(
            "invalid config: linux.sysctl[\"kernel.pid_max\"]: sysctl \"kernel.pid_max\" is not in a separate kernel namespace",
            "it would change the host",
            "set it on the host"),
        new(
            "invalid config: linux.namespaces[4].path: '/proc/self/ns/net' is a namespace of type network, not of type uts",
            "a path of another kind",
            ""),
        new(
            "JSON specification file config.json not found in 'BUNDLE'",
            "no bundle there",
            "`--bundle`, `anocir spec`"),
        new(
            "cannot open 'BUNDLE/config.json': permission denied (EACCES); hint: the user of this command must "
                + "be able to read the bundle",
            "anocir has no right to read it",
            "chmod, or run as its owner"),
        new(
            "invalid config: line 2, column 1: not valid JSON: unexpected end of file",
            "the file is cut off",
            "`jq . config.json`"),
        new(
            "invalid config: ociVersion: must be a version 1.x.y of the specification, got \"2.0.0\"",
            "",
            ""),
        new(
            "invalid config: process.args: args must not be empty",
            "no program",
            "`[\"sh\"]`"),
        new(
            "invalid config: process.env[0]: invalid environment variable: missing '='",
            "",
            "`X=`"),
        new(
            "invalid config: process.user.uid: cannot set uid to unmapped user in user namespace, got 5000",
            "`linux.uidMappings` has no range with this uid",
            "map it"),
        new(
            "invalid config: linux.namespaces[5].type: malformed spec file: duplicated ns \"pid\"",
            "",
            "each type once"),
        new(
            "invalid config: hostname: unable to set hostname without a private UTS namespace",
            "it would rename the host",
            "add the namespace, or leave the name out"),
        new(
            "invalid config: linux.maskedPaths: unable to restrict sys entries without a private MNT namespace",
            "it would mask the host's files",
            "add the namespace"),
        new(
            "invalid config: linux.cgroupsPath: must not contain \"..\", got \"../x\"",
            "",
            "an absolute path counts from the root of the hierarchy, a relative one from the caller's cgroup"),
        new(
            "invalid config: linux.devices[0].type: invalid device type, must be c, u, b or p, got \"q\"",
            "",
            ""),
        new(
            "invalid config: linux.seccomp.defaultAction: not a valid action for seccomp, got \"SCMP_ACT_DENY\"",
            "",
            "SCMP_ACT_ERRNO"),
        new(
            "invalid container ID format: 'a/b': must be 1 to 255 letters, digits or _+-. and not '.' or '..'",
            "",
            ""),
        new(
            "cannot open mount source '/nowhere' for '/data' (mounts[7]): no such file or directory (ENOENT)",
            "the host has no such path",
            "create it, or correct `source`"),
        new(
            "cannot mount '/bin/sh' (mounts[7]): not a directory (ENOTDIR); hint: a directory can cover only a directory, a file only a file",
            "`source` is a directory, `destination` a file in the image, or the other way round",
            "correct either, or create `source` on the host as what it shall be"),
        new(
            "cannot prepare a file system of type 'nofs' for '/data' (mounts[7]): no such device (ENODEV); hint: "
                + "the kernel has no file system of this type, load its module",
            "",
            "`modprobe`, correct `type`"),
        new(
            "cannot configure mount 'size=abc' for '/data' (mounts[7]): invalid argument (EINVAL): tmpfs: Bad value for 'size'",
            "an option the file system does not take; the last part is the kernel's own text",
            "correct `options`"),
        new(
            "cannot prepare '/link' (mounts[0]): too many levels of symbolic links (ELOOP); hint: proc, sysfs "
                + "and cgroup must be mounted on ordinary directory, not on a symlink",
            "the image has a link where proc belongs: an old attack",
            "use another image"),
        new(
            "cannot prepare '/etc/passwd/x' (mounts[7]): not a directory (ENOTDIR); hint: a component of the path is a file",
            "`/etc/passwd` is a file in the image",
            "correct `destination`"),
        new(
            "cannot prepare '/loop' (mounts[7]): too many levels of symbolic links (ELOOP); hint: symlinks go in "
                + "a circle, or one of them leads into a procfs",
            "a link in the image",
            "correct the image"),
        new(
            "cannot change to directory '/etc/passwd' (process.cwd): not a directory (ENOTDIR)",
            "",
            "correct `cwd`"),
        new(
            "cannot write 'sys/net/ipv4/nope' (linux.sysctl.net.ipv4.nope): no such file or directory (ENOENT); "
                + "hint: no such kernel parameter in this kernel or namespace",
            "a misspelt name, a module that is not loaded",
            ""),
        new(
            "cannot set rlimit 'RLIMIT_NOFILE' (process.rlimits[0]): operation not permitted (EPERM); hint: "
                + "raising a hard limit needs CAP_SYS_RESOURCE, and NOFILE may not exceed sysctl fs.nr_open",
            "",
            "a lower limit, or `sysctl -w fs.nr_open=N`"),
        new(
            "cannot create init with namespaces 'mount,pid,network,ipc,uts' (linux.namespaces): no space left on "
                + "device (ENOSPC); hint: too many namespaces, check sysctl user.max_*_namespaces and nesting",
            "the namespaces of this kind are exhausted",
            "`sysctl -w user.max_net_namespaces=N`"),
        new(
            "cannot create init with namespaces 'mount,pid,network,ipc,uts' (linux.namespaces): operation not "
                + "permitted (EPERM); hint: creating namespaces needs CAP_SYS_ADMIN",
            "not root, or an outer container took the capability away",
            "root, or a container with a user namespace"),
        new(
            "cannot start 'anocir-init': resource temporarily unavailable (EAGAIN); hint: check the pids limit "
                + "of this cgroup, ulimit -u and kernel.pid_max",
            "the cgroup of the *command* has no process left",
            "raise its `pids.max`"),
        new(
            "cannot open 'BUNDLE/config.json': too many open files (EMFILE); hint: ulimit -n is too low for this command",
            "`ulimit -n` 3",
            "16 are enough"),
        new(
            "cannot find a cgroup hierarchy: '/sys/fs/cgroup' is not a cgroup mount; hint: mount -t cgroup2 cgroup2 /sys/fs/cgroup",
            "nothing is mounted there, as in a minimal container",
            "mount it, or `--cgroup-manager disabled`"),
        new(
            "cannot create cgroup 'CGROUP': read-only file system (EROFS); hint: the cgroup file system is "
                + "mounted read-only here; mount it read-write, or run in an own cgroup namespace",
            "anocir in a container of an engine that mounts cgroups read-only",
            "the outer container needs a writable `/sys/fs/cgroup`, or `--cgroup-manager disabled`"),
        new(
            "unable to apply cgroup configuration: cannot create cgroup 'CGROUP': permission denied (EACCES); hint: "
                + "run as root, or have this cgroup delegated to you (systemd: Delegate=yes)",
            "another user than root, and a `linux.cgroupsPath` whose parent that user may not write",
            "leave `cgroupsPath` out, or start in a delegated cgroup: `systemd-run --user --scope -p Delegate=yes anocir …`"),
        new(
            "cannot create init with namespaces 'mount,pid,network,ipc,uts' (linux.namespaces): operation not "
                + "supported (EOPNOTSUPP); hint: the cgroup is in domain-invalid (threaded) state",
            "cgroup v2: a sibling of `linux.cgroupsPath` is threaded",
            "another `cgroupsPath`; `cat cgroup.type` in the parent"),
        new(
            "cannot execute anocir-init from a memfd: permission denied (EACCES), nor from a detached tmpfs: "
                + "operation not permitted (EPERM); hint: sysctl -w vm.memfd_noexec=1",
            "`vm.memfd_noexec=2`, and no right to mount a tmpfs",
            "the sysctl of the command's PID namespace"),
        new(
            "cannot allocate tty if runc will detach without setting console socket",
            "`process.terminal` with create or `run --detach`; the words are runc's, scripts look for them",
            "`--console-socket`, or no terminal"),
        new(
            "cannot write '/nowhere/pid': no such file or directory (ENOENT); hint: option --pid-file",
            "",
            "create the directory"),
        new(
            "cannot connect to '/tmp/LONG' (option --console-socket): file name too long (ENAMETOOLONG); hint: "
                + "socket paths have at most 107 bytes",
            "",
            "a shorter directory, or a relative path"),
        new(
            "cannot connect to '/nowhere/socket' (option --console-socket): no such file or directory (ENOENT); "
                + "hint: nobody listens there",
            "the program that should get the terminal is not there, or has ended",
            "start it first"),
        new(
            "option --preserve-fds: file descriptor 3 is not open (EBADF); hint: the caller must pass "
                + "descriptors 3 to 4 without close-on-exec",
            "",
            "a smaller number"),
        new(
            "error running createRuntime hook #0: exit status 3, stdout: , stderr: broken",
            "the hook said no",
            "ask its author"),
        new(
            "error running createContainer hook #0: cannot execute '/nope': no such file or directory (ENOENT)",
            "no such program (these hooks see the host's files, startContainer hooks the container's)",
            ""),
        new(
            "error running prestart hook #0: hook ran past specified timeout of 1.0s (process 42, state S)",
            "it hangs",
            "look what it waits for, or raise `timeout`"),
    ];
}
