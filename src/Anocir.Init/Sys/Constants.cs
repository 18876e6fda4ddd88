namespace Anocir.Init;

#pragma warning disable CS1591 // kernel names

/// <summary>Flags of openat2(2) and the *at calls (fcntl.h, linux/openat2.h).</summary>
internal static class O
{
    public const int RDONLY = 0;
    public const int WRONLY = 1;
    public const int RDWR = 2;
    public const int CREAT = 0x40;
    public const int EXCL = 0x80;
    public const int NOCTTY = 0x100;
    public const int NONBLOCK = 0x800;
    public const int CLOEXEC = 0x80000;
    public const int PATH = 0x200000;
#if ANOCIR_ARM64
    public const int DIRECTORY = 0x4000;
    public const int NOFOLLOW = 0x8000;
#else
    public const int DIRECTORY = 0x10000;
    public const int NOFOLLOW = 0x20000;
#endif
}

/// <summary>AT_* (linux/fcntl.h).</summary>
internal static class At
{
    public const int FDCWD = -100;
    public const int SYMLINK_NOFOLLOW = 0x100;
    public const int EACCESS = 0x200;
    public const int EMPTY_PATH = 0x1000;
    public const int RECURSIVE = 0x8000;
}

/// <summary>RESOLVE_* of openat2(2).</summary>
internal static class Resolve
{
    public const ulong NO_XDEV = 1;
    public const ulong NO_MAGICLINKS = 2;
    public const ulong NO_SYMLINKS = 4;
    public const ulong BENEATH = 8;
    public const ulong IN_ROOT = 16;
}

/// <summary>File type bits of a mode (linux/stat.h).</summary>
internal static class S
{
    public const uint IFMT = 0xF000;
    public const uint IFIFO = 0x1000;
    public const uint IFCHR = 0x2000;
    public const uint IFDIR = 0x4000;
    public const uint IFREG = 0x8000;
    public const uint IFLNK = 0xA000;
}

/// <summary>Signals that init treats on their own (asm-generic/signal.h).</summary>
internal static class Sig
{
    public const int HUP = 1;
    public const int INT = 2;
    public const int QUIT = 3;
    public const int KILL = 9;
    public const int PIPE = 13;
    public const int TERM = 15;
    public const int CHLD = 17;
    public const int TTIN = 21;
    public const int URG = 23;
    public const int WINCH = 28;
    public const int Last = 64;
}

/// <summary>Events of poll(2).</summary>
internal static class Poll
{
    public const short IN = 1;
    public const short OUT = 4;
    public const short ERR = 8;
    public const short HUP = 16;
    public const short NVAL = 32;
}

/// <summary>clone(2) flags init adds itself (linux/sched.h).</summary>
internal static class Clone
{
    public const ulong PIDFD = 0x1000;
    public const ulong PARENT = 0x8000;
    public const ulong INTO_CGROUP = 0x200000000;

    /// <summary>All CLONE_NEW* flags.</summary>
    public const ulong Namespaces = 0x7E020080;
}

/// <summary>Terminal ioctls (asm-generic/ioctls.h).</summary>
internal static class Tty
{
    public const uint TCSETS = 0x5402;
    public const uint TIOCSCTTY = 0x540E;
    public const uint TIOCGPGRP = 0x540F;
    public const uint TIOCGWINSZ = 0x5413;
    public const uint TIOCSWINSZ = 0x5414;
    public const uint TIOCSPTLCK = 0x40045431;
    public const uint TIOCGPTPEER = 0x5441;
    public const long DevPtsMagic = 0x1CD1;
    public const uint TtyAuxMajor = 5;
    public const uint PtmxMinor = 2;
    public const uint FirstSlaveMajor = 136;
    public const uint LastSlaveMajor = 143;
}
