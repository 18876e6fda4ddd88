using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;
using Xunit;

[assembly: CollectionBehavior(DisableTestParallelization = true)] // the leak check counts every descendant of this process

namespace Anocir.Integration.Tests.Fixture;

/// <summary>
/// Before the first test this process moves into a mount namespace of its own, whose mounts are shared among themselves as systemd
/// leaves them on a real host, and becomes the reaper of all its descendants, as an engine's shim is. So the leak check sees only
/// what the tests did, whatever else this machine is doing.
/// </summary>
internal static unsafe class Host
{
    private const int CloneNewNs = 0x20000, MsRec = 0x4000, MsSlave = 0x80000, MsShared = 0x100000;
    private const int PrSetChildSubreaper = 36;
    private const string Entered = "ANOCIR_ITEST_NAMESPACE";

    [ModuleInitializer]
    internal static void Enter()
    {
        if (Environment.GetEnvironmentVariable(Entered) is null && Environment.IsPrivilegedProcess)
        {
            EnterMountNamespace();
        }

        Environment.SetEnvironmentVariable(Entered, null);
        _ = Native.Check(Native.prctl(PrSetChildSubreaper, 1, 0, 0, 0), "prctl");
    }

    // unshare moves only the calling thread; exec makes it the only one.
    private static void EnterMountNamespace()
    {
        _ = Native.Check(Native.unshare(CloneNewNs), "unshare");
        _ = Native.Check(Native.mount("none", "/", null, MsRec | MsSlave, null), "mount");
        _ = Native.Check(Native.mount("none", "/", null, MsRec | MsShared, null), "mount");
        Environment.SetEnvironmentVariable(Entered, "1");
        string[] arguments = File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0');
        List<string> environment = [];
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            environment.Add($"{entry.Key}={entry.Value}");
        }

        using var path = new CStrings(["/proc/self/exe"]);
        using var argv = new CStrings(arguments);
        using var envp = new CStrings(environment);
        _ = Native.Check(Native.execve(path.First, argv.Pointer, envp.Pointer), "execve");
    }
}
