using System;
using System.Runtime.InteropServices;

namespace Anocir.Linux;

/// <summary>
/// A filter under construction in libseccomp (scmp_filter_ctx). Results carry the library's negated error numbers (seccomp_rule_add(3)
/// and its neighbours).
/// </summary>
public sealed unsafe class SeccompFilter : IDisposable
{
    /// <summary>What <see cref="Resolve(byte*)"/> returns for a name that the library does not know.</summary>
    public const int UnknownSystemCall = -1;

    private const string Library = "libseccomp";

    private void* _context;

    private SeccompFilter(void* context) => _context = context;

    [DllImport(Library, EntryPoint = "seccomp_api_set")]
    private static extern int seccomp_api_set(uint level);

    [DllImport(Library, EntryPoint = "seccomp_init")]
    private static extern void* seccomp_init(uint defaultAction);

    [DllImport(Library, EntryPoint = "seccomp_release")]
    private static extern void seccomp_release(void* context);

    [DllImport(Library, EntryPoint = "seccomp_arch_native")]
    private static extern uint seccomp_arch_native();

    [DllImport(Library, EntryPoint = "seccomp_arch_resolve_name")]
    private static extern uint seccomp_arch_resolve_name(byte* name);

    [DllImport(Library, EntryPoint = "seccomp_arch_add")]
    private static extern int seccomp_arch_add(void* context, uint token);

    [DllImport(Library, EntryPoint = "seccomp_arch_remove")]
    private static extern int seccomp_arch_remove(void* context, uint token);

    [DllImport(Library, EntryPoint = "seccomp_attr_set")]
    private static extern int seccomp_attr_set(void* context, int attribute, uint value);

    [DllImport(Library, EntryPoint = "seccomp_syscall_resolve_name")]
    private static extern int seccomp_syscall_resolve_name(byte* name);

    [DllImport(Library, EntryPoint = "seccomp_syscall_resolve_name_arch")]
    private static extern int seccomp_syscall_resolve_name_arch(uint token, byte* name);

    [DllImport(Library, EntryPoint = "seccomp_rule_add_array")]
    private static extern int seccomp_rule_add_array(void* context, uint action, int call, uint count, ScmpArgCmp* conditions);

    [DllImport(Library, EntryPoint = "seccomp_export_bpf")]
    private static extern int seccomp_export_bpf(void* context, int fd);

    /// <summary>The machine's own architecture token (AUDIT_ARCH_*).</summary>
    public static uint NativeArchitecture => seccomp_arch_native();

    /// <summary>
    /// A new filter for the native architecture; null when the library refuses the action or has no memory. The library is told not to
    /// probe the kernel (API level 6, Linux 5.7): what it can express is the same on every machine we run on.
    /// </summary>
    public static SeccompFilter? Create(uint defaultAction)
    {
        const uint ApiLevel = 6;
        _ = seccomp_api_set(ApiLevel);
        void* context = seccomp_init(defaultAction);
        return context == null ? null : new SeccompFilter(context);
    }

    /// <summary>Adds an architecture by its token; EEXIST when it is there, EINVAL when unknown, EDOM when of another byte order.</summary>
    public SysResult AddArchitecture(uint token) => new(seccomp_arch_add(_context, token));

    /// <summary>Takes an architecture out again.</summary>
    public SysResult RemoveArchitecture(uint token) => new(seccomp_arch_remove(_context, token));

    /// <summary>SCMP_FLTATR_CTL_OPTIMIZE: 2 arranges the system calls in a binary tree.</summary>
    public SysResult SetOptimize(uint level)
    {
        const int ControlOptimize = 8;
        return new(seccomp_attr_set(_context, ControlOptimize, level));
    }

    /// <summary>
    /// The number of a system call on the native architecture, a pseudo number below -1 when only other architectures have it, or
    /// <see cref="UnknownSystemCall"/>. The name ends with NUL.
    /// </summary>
    public static int Resolve(byte* name) => seccomp_syscall_resolve_name(name);

    /// <summary>The number of a system call on an architecture, negative when that has none. The name ends with NUL.</summary>
    public static int Resolve(uint architecture, byte* name) => seccomp_syscall_resolve_name_arch(architecture, name);

    /// <summary>The library's token for its own name of an architecture (<c>x86_64</c>, NUL-terminated), 0 when unknown.</summary>
    public static uint ResolveArchitecture(ReadOnlySpan<byte> name)
    {
        fixed (byte* p = name)
        {
            return seccomp_arch_resolve_name(p);
        }
    }

    /// <summary>Adds a rule: the action when all conditions hold.</summary>
    public SysResult AddRule(uint action, int call, ReadOnlySpan<ScmpArgCmp> conditions)
    {
        fixed (ScmpArgCmp* p = conditions)
        {
            return new(seccomp_rule_add_array(_context, action, call, (uint)conditions.Length, p));
        }
    }

    /// <summary>Writes the program (struct sock_filter[]) to a file descriptor.</summary>
    public SysResult Export(int fd) => new(seccomp_export_bpf(_context, fd));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_context != null)
        {
            seccomp_release(_context);
            _context = null;
        }
    }
}
