using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Anocir.Integration.Tests.Fixture;

namespace Anocir.Integration.Tests.Documents;

/// <summary>Each message of the catalogue with what makes it come.</summary>
internal static class ErrorCases
{
    private static readonly string s_longPath = "/tmp/" + new string('x', 120);
    private static readonly string[] NoCgroups = ["--cgroup-manager", "disabled"];

    // One who can read everything, wherever this checkout is, and write nothing.
    private static readonly string[] AUser =
    [
        "/usr/bin/setpriv", "--reuid", "61234", "--regid", "61234", "--clear-groups", "--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search",
    ];

    private static readonly string[] NoMounts = ["/usr/bin/setpriv", "--bounding-set", "-sys_admin"];

    private const string OneProcess = """
        d=/sys/fs/cgroup/pids; [ -d $d ] || { d=/sys/fs/cgroup; echo +pids >$d/cgroup.subtree_control; }
        mkdir -p $d/pids-TAG; echo 1 >$d/pids-TAG/pids.max; echo $$ >$d/pids-TAG/cgroup.procs
        """;

    private const string ReadOnlyCgroups = """
        for m in $(sed -n 's/.* \(\/sys\/fs\/cgroup[^ ]*\) .* - cgroup.*/\1/p' /proc/self/mountinfo); do mount -o remount,bind,ro $m; done
        """;

    private const string ThreadedSibling = """
        d=/sys/fs/cgroup/unified; [ -d $d ] || d=/sys/fs/cgroup
        mkdir -p $d/threads-TAG/t-TAG; echo threaded >$d/threads-TAG/t-TAG/cgroup.type
        """;

    private const string NoNetworks = "echo 0 >/proc/sys/user/max_net_namespaces; exec \"$@\"";

    // A PID namespace has its own vm.memfd_noexec.
    private const string NoMemfds = "echo 2 >/proc/sys/vm/memfd_noexec";

    private static readonly Dictionary<string, ErrorCase> s_all = new()
    {
        ["exec: \"nope\": executable file not found in $PATH"] = Bundle(static b => b.Args("nope")),
        ["exec: \"/nope\": stat /nope: no such file or directory"] = Bundle(static b => b.Args("/nope")),
        ["exec: \"/etc/passwd\": permission denied; hint: the file needs the x bit, the user every directory "
            + "above it, and no mount of it may be noexec"] = Bundle(static b => b.Args("/etc/passwd")),
        ["exec: \"/bin\": is a directory"] = Bundle(static b => b.Args("/bin")),
        ["exec /bin/text: exec format error; hint: the file is neither an ELF program nor a script that begins "
            + "with #!"] = Bundle(static b => Program(b, "/bin/text", "text"u8)),
        ["exec /bin/script: no such file or directory; hint: the script's interpreter '/nope' (its first line) "
            + "is not in the image"] = Bundle(static b => Program(b, "/bin/script", "#!/nope\n"u8)),
        ["exec /bin/crlf: no such file or directory; hint: the script has CRLF line ends, and the kernel takes "
            + "CR for a part of the interpreter's name: convert it, sed -i 's/\\r$//' FILE"] =
            Bundle(static b => Program(b, "/bin/crlf", "#!/bin/sh\r\necho\r\n"u8)),
        ["exec /bin/dynamic: no such file or directory; hint: its ELF loader '/lib/ld-nope.so.1' is not in the "
            + "image: use a static program, or an image with the C library it was linked with"] =
            Bundle(static b => Program(b, "/bin/dynamic", Elf(HostMachine, "/lib/ld-nope.so.1"))),
        ["exec /bin/foreign: exec format error; hint: it is a program for arm, this machine is amd64: use an "
            + "image for this architecture"] = Bundle(static b => Program(b, "/bin/foreign", Elf(40, null))),
        ["exec /bin/empty: exec format error; hint: the file is empty"] = Bundle(static b => Program(b, "/bin/empty", [])),
        ["exec: \"/data/true\": permission denied; hint: the file needs the x bit, the user every directory "
            + "above it, and no mount of it may be noexec"] = Bundle(NoExecMount),
        ["exec: \"/bin/private\": permission denied; hint: the file needs the x bit, the user every directory "
            + "above it, and no mount of it may be noexec"] = Bundle(PrivateProgram),
        ["invalid config: root.path: cannot use 'BUNDLE/nope': no such file or directory (ENOENT); hint: is the "
            + "image's root mounted or unpacked there?"] = Bundle(static b => b.Config["root"]!["path"] = "nope"),
        ["invalid config: process.cwd: Cwd must be an absolute path, got \"etc\""] = Bundle(static b => b.Process["cwd"] = "etc"),
        ["invalid config: process.args: must be an array, got \"sh\""] = Bundle(static b => b.Process["args"] = "sh"),
        ["invalid config: linux.sysctl[\"kernel.pid_max\"]: sysctl \"kernel.pid_max\" is not in a separate "
            + "kernel namespace"] = Bundle(static b => b.Linux["sysctl"] = new JsonObject { ["kernel.pid_max"] = "1" }),
        ["invalid config: linux.namespaces[4].path: '/proc/self/ns/net' is a namespace of type network, not of "
            + "type uts"] = Bundle(static b => b.Namespace("uts", "/proc/self/ns/net")),
        ["JSON specification file config.json not found in 'BUNDLE'"] =
            new() { Afterwards = static b => File.Delete(b.Dir + "/config.json") },
        ["cannot open 'BUNDLE/config.json': permission denied (EACCES); hint: the user of this command must be "
            + "able to read the bundle"] =
            new() { Afterwards = Unreadable, Wrapper = ["/usr/bin/setpriv", "--bounding-set", "-dac_override,-dac_read_search"] },
        ["invalid config: line 2, column 1: not valid JSON: unexpected end of file"] =
            new() { Afterwards = static b => File.WriteAllText(b.Dir + "/config.json", "{\n") },
        ["invalid config: ociVersion: must be a version 1.x.y of the specification, got \"2.0.0\""] =
            Bundle(static b => b.Config["ociVersion"] = "2.0.0"),
        ["invalid config: process.args: args must not be empty"] = Bundle(static b => b.Args()),
        ["invalid config: process.env[0]: invalid environment variable: missing '='"] =
            Bundle(static b => b.Process["env"] = Fixture.Bundle.Json("X")),
        ["invalid config: process.user.uid: cannot set uid to unmapped user in user namespace, got 5000"] = Bundle(UnmappedUser),
        ["invalid config: linux.namespaces[5].type: malformed spec file: duplicated ns \"pid\""] =
            Bundle(static b => b.Linux["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "pid" })),
        ["invalid config: hostname: unable to set hostname without a private UTS namespace"] =
            Bundle(static b => b.WithoutNamespace("uts")),
        ["invalid config: linux.maskedPaths: unable to restrict sys entries without a private MNT namespace"] =
            Bundle(static b => b.WithoutNamespace("mount")),
        ["invalid config: linux.cgroupsPath: must not contain \"..\", got \"../x\""] = Bundle(static b => b.Linux["cgroupsPath"] = "../x"),
        ["invalid config: linux.devices[0].type: invalid device type, must be c, u, b or p, got \"q\""] =
            Bundle(static b => b.Linux["devices"] = new JsonArray(new JsonObject { ["path"] = "/dev/x", ["type"] = "q" })),
        ["invalid config: linux.seccomp.defaultAction: not a valid action for seccomp, got \"SCMP_ACT_DENY\""] =
            Bundle(static b => b.Linux["seccomp"] = new JsonObject { ["defaultAction"] = "SCMP_ACT_DENY" }),
        ["invalid container ID format: 'a/b': must be 1 to 255 letters, digits or _+-. and not '.' or '..'"] = new() { Id = "a/b" },
        ["cannot open mount source '/nowhere' for '/data' (mounts[7]): no such file or directory (ENOENT)"] =
            Bundle(static b => b.Mount("/data", "bind", "/nowhere", "rbind")),
        ["cannot mount '/bin/sh' (mounts[7]): not a directory (ENOTDIR); hint: a directory can cover only a directory, a file only a file"] =
            Bundle(static b => b.Mount("/bin/sh", "bind", "/tmp", "bind")),
        ["cannot prepare a file system of type 'nofs' for '/data' (mounts[7]): no such device (ENODEV); hint: "
            + "the kernel has no file system of this type, load its module"] = Bundle(static b => b.Mount("/data", "nofs", "none")),
        ["cannot configure mount 'size=abc' for '/data' (mounts[7]): invalid argument (EINVAL): tmpfs: Bad "
            + "value for 'size'"] = Bundle(static b => b.Mount("/data", "tmpfs", "tmpfs", "size=abc")),
        ["cannot prepare '/link' (mounts[0]): too many levels of symbolic links (ELOOP); hint: proc, sysfs and "
            + "cgroup must be mounted on ordinary directory, not on a symlink"] = Bundle(ProcOnALink),
        ["cannot prepare '/etc/passwd/x' (mounts[7]): not a directory (ENOTDIR); hint: a component of the path "
            + "is a file"] = Bundle(static b => b.Mount("/etc/passwd/x", "tmpfs", "tmpfs")),
        ["cannot prepare '/loop' (mounts[7]): too many levels of symbolic links (ELOOP); hint: symlinks go in a "
            + "circle, or one of them leads into a procfs"] = Bundle(LoopOfLinks),
        ["cannot change to directory '/etc/passwd' (process.cwd): not a directory (ENOTDIR)"] =
            Bundle(static b => b.Process["cwd"] = "/etc/passwd"),
        ["cannot write 'sys/net/ipv4/nope' (linux.sysctl.net.ipv4.nope): no such file or directory (ENOENT); "
            + "hint: no such kernel parameter in this kernel or namespace"] =
            Bundle(static b => b.Linux["sysctl"] = new JsonObject { ["net.ipv4.nope"] = "1" }),
        ["cannot set rlimit 'RLIMIT_NOFILE' (process.rlimits[0]): operation not permitted (EPERM); hint: "
            + "raising a hard limit needs CAP_SYS_RESOURCE, and NOFILE may not exceed sysctl fs.nr_open"] =
            Bundle(HugeLimit),
        ["cannot create init with namespaces 'mount,pid,network,ipc,uts' (linux.namespaces): no space left on "
            + "device (ENOSPC); hint: too many namespaces, check sysctl user.max_*_namespaces and nesting"] =
            new() { Global = NoCgroups, Wrapper = ["/usr/bin/unshare", "-Ur", "/bin/sh", "-c", NoNetworks, "sh"] },
        ["cannot create init with namespaces 'mount,pid,network,ipc,uts' (linux.namespaces): operation not "
            + "permitted (EPERM); hint: creating namespaces needs CAP_SYS_ADMIN"] =
            new() { Global = NoCgroups, Wrapper = ["/usr/bin/setpriv", "--bounding-set", "-sys_admin"] },
        ["cannot start 'anocir-init': resource temporarily unavailable (EAGAIN); hint: check the pids limit of "
            + "this cgroup, ulimit -u and kernel.pid_max"] =
            new() { Global = NoCgroups, Before = OneProcess, Needs = static () => Require.Controller("pids") },
        ["cannot open 'BUNDLE/config.json': too many open files (EMFILE); hint: ulimit -n is too low for this command"] =
            new() { Wrapper = ["/usr/bin/prlimit", "--nofile=3:3"] },
        ["cannot find a cgroup hierarchy: '/sys/fs/cgroup' is not a cgroup mount; hint: mount -t cgroup2 "
            + "cgroup2 /sys/fs/cgroup"] = new() { Before = "umount -lR /sys/fs/cgroup" },
        ["cannot create cgroup 'CGROUP': read-only file system (EROFS); hint: the cgroup file system is mounted "
            + "read-only here; mount it read-write, or run in an own cgroup namespace"] = new() { Before = ReadOnlyCgroups },
        ["unable to apply cgroup configuration: cannot create cgroup 'CGROUP': permission denied (EACCES); hint: run "
            + "as root, or have this cgroup delegated to you (systemd: Delegate=yes)"] =
            new() { Global = ["--root", "/run/state"], Change = NotDelegated, Before = "mount -t tmpfs -o mode=1777 state /run", Wrapper = AUser },
        ["cannot create init with namespaces 'mount,pid,network,ipc,uts' (linux.namespaces): operation not "
            + "supported (EOPNOTSUPP); hint: the cgroup is in domain-invalid (threaded) state"] =
            new() { Change = BelowThreads, Before = ThreadedSibling },
        ["cannot execute anocir-init from a memfd: permission denied (EACCES), nor from a detached tmpfs: "
            + "operation not permitted (EPERM); hint: sysctl -w vm.memfd_noexec=1"] =
            new() { Global = NoCgroups, Before = NoMemfds, Needs = static () => Require.Sysctl("vm.memfd_noexec"), Wrapper = NoMounts },
        ["cannot connect to '/tmp/LONG' (option --console-socket): file name too long (ENAMETOOLONG); hint: "
            + "socket paths have at most 107 bytes"] = new() { Change = Terminal, Options = ["--detach", "--console-socket", s_longPath] },
        ["cannot connect to '/nowhere/socket' (option --console-socket): no such file or directory (ENOENT); "
            + "hint: nobody listens there"] = new() { Change = Terminal, Options = ["--detach", "--console-socket", "/nowhere/socket"] },
        ["option --preserve-fds: file descriptor 3 is not open (EBADF); hint: the caller must pass descriptors "
            + "3 to 4 without close-on-exec"] = new() { Options = ["--preserve-fds", "2"] },
        ["cannot allocate tty if runc will detach without setting console socket"] = new() { Change = Terminal, Options = ["--detach"] },
        ["cannot write '/nowhere/pid': no such file or directory (ENOENT); hint: option --pid-file"] =
            new() { Options = ["--pid-file", "/nowhere/pid"] },
        ["error running prestart hook #0: hook ran past specified timeout of 1.0s (process 42, state S)"] =
            Bundle(static b => b.HookScript("prestart", "exec sleep 60", 1)),
        ["error running createRuntime hook #0: exit status 3, stdout: , stderr: broken"] =
            Bundle(static b => b.HookScript("createRuntime", "echo broken >&2; exit 3")),
        ["error running createContainer hook #0: cannot execute '/nope': no such file or directory (ENOENT)"] = Bundle(static b => b.Hook("createContainer", "/nope", [])),
    };

    /// <summary>The catalogue's messages.</summary>
    public static IEnumerable<string> Messages => s_all.Keys;

    /// <summary>What makes a message come.</summary>
    public static ErrorCase Get(string message) => s_all[message];

    /// <summary>A path and a process in a message in the form in which the catalogue has them.</summary>
    public static string Normalize(string message) => Regex.Replace(
        message.Replace(s_longPath, "/tmp/LONG", StringComparison.Ordinal), @"\(process [0-9]+, state S(, in \w+)?\)", "(process 42, state S)");

    private static ErrorCase Bundle(Action<Bundle> change) => change;

    private static void Terminal(Bundle bundle) => bundle.Process["terminal"] = true;

    private static void Program(Bundle bundle, string path, ReadOnlySpan<byte> content)
    {
        File.WriteAllBytes(bundle.Rootfs + path, content.ToArray());
        File.SetUnixFileMode(bundle.Rootfs + path, (UnixFileMode)0x1ed);
        _ = bundle.Args(path);
    }

    private static ushort HostMachine => (ushort)(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 183 : 62);

    // The least that the kernel reads of an ELF64 program: its header, and the program header that names a loader.
    private static byte[] Elf(ushort machine, string? loader)
    {
        byte[] file = new byte[256];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(16), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), machine);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(52), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(54), 56);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), (ushort)(loader is null ? 0 : 1));
        if (loader is not null)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(64), 3);
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(72), 128);
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(96), (ulong)loader.Length + 1);
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(104), (ulong)loader.Length + 1);
            _ = Encoding.ASCII.GetBytes(loader, file.AsSpan(128));
        }

        return file;
    }

    private static void ProcOnALink(Bundle bundle)
    {
        _ = File.CreateSymbolicLink(bundle.Rootfs + "/link", "/tmp");
        bundle.Mounts[0]!["destination"] = "/link";
    }

    private static void LoopOfLinks(Bundle bundle)
    {
        _ = File.CreateSymbolicLink(bundle.Rootfs + "/loop", "loop");
        _ = bundle.Mount("/loop", "tmpfs", "tmpfs");
    }

    private static void NoExecMount(Bundle bundle) =>
        bundle.Args("/data/true").Mount("/data", "bind", bundle.Rootfs + "/bin", "bind", "noexec");

    private static void PrivateProgram(Bundle bundle)
    {
        Program(bundle, "/bin/private", "#!/bin/sh\n"u8);
        File.SetUnixFileMode(bundle.Rootfs + "/bin/private", (UnixFileMode)0x1c0);
        bundle.Process["user"]!["uid"] = 1000;
    }

    private static void UnmappedUser(Bundle bundle)
    {
        JsonNode Map() => new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 0, ["size"] = 1000 });
        (bundle.Linux["uidMappings"], bundle.Linux["gidMappings"]) = (Map(), Map());
        bundle.Namespace("user").Process["user"]!["uid"] = 5000;
    }

    private static void HugeLimit(Bundle bundle) => bundle.Process["rlimits"] =
        new JsonArray(new JsonObject { ["type"] = "RLIMIT_NOFILE", ["soft"] = 1, ["hard"] = 1L << 40 });

    // The directory of a bundle has the test's tag for a name.
    private static void BelowThreads(Bundle bundle) =>
        bundle.Linux["cgroupsPath"] = "/threads-TAG/c-TAG".Replace("TAG", Path.GetFileName(Path.GetDirectoryName(bundle.Dir)), StringComparison.Ordinal);

    private static void NotDelegated(Bundle bundle)
    {
        JsonNode Map() => new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 61234, ["size"] = 1000 });
        (bundle.Linux["uidMappings"], bundle.Linux["gidMappings"]) = (Map(), Map());
        bundle.Namespace("user").Linux["cgroupsPath"] = "/" + Path.GetFileName(Path.GetDirectoryName(bundle.Dir));
    }

    private static void Unreadable(Bundle bundle) => File.SetUnixFileMode(bundle.Dir + "/config.json", UnixFileMode.None);
}
