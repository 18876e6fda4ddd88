using System;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.State;

namespace Anocir.Runtime.SecurityModules;

/// <summary>What this kernel's AppArmor is doing (Documentation/admin-guide/LSM/apparmor.rst of the kernel).</summary>
internal static class AppArmor
{
    /// <summary>Whether it is built in and switched on.</summary>
    public static bool IsEnabled => Start("/sys/module/apparmor/parameters/enabled").StartsWith('Y');

    /// <summary>
    /// Whether this process runs under a profile. A confined process with no_new_privs may not change to another profile, only add
    /// one: <c>stack</c> instead of <c>exec</c> (apparmor(7)).
    /// </summary>
    public static bool IsConfined => IsConfinement(Start("/proc/self/attr/apparmor/current"));

    /// <summary>Whether a text of attr/apparmor/current names a profile: <c>docker-default (enforce)</c>.</summary>
    public static bool IsConfinement(string current) =>
        current.AsSpan().TrimEnd("\0\n ") is { IsEmpty: false } label && label is not "unconfined";

    private static string Start(string path)
    {
        Span<byte> buffer = stackalloc byte[256];
        SysResult read = SmallFile.Read(At.FDCWD, path, buffer);
        return read.IsError ? "" : Encoding.UTF8.GetString(buffer[..read.Int]);
    }
}
