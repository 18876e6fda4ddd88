using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.HookPrograms;

/// <summary>
/// Runs the hooks of the runtime's namespaces (config.md, "POSIX-platform Hooks"): prestart, createRuntime, poststart, poststop.
/// The state is their standard input; what they print is kept for the message of a failure. Those of the container's
/// namespaces are steps of the plan.
/// </summary>
public static class HookRunner
{
    /// <summary>Runs hooks in order until one fails.</summary>
    /// <param name="kind">Name of the list in config.json, such as <c>createRuntime</c>.</param>
    /// <param name="hooks">The list.</param>
    /// <param name="state">The container's state (<see cref="State.StateDocument.ForHook"/>).</param>
    /// <param name="bundle">Absolute path of the bundle, their working directory.</param>
    /// <param name="output">Where what they print goes besides messages.</param>
    /// <exception cref="ContainerException">runc's <c>error running KIND hook #N: …</c>.</exception>
    public static void Run(string kind, Hook[] hooks, ReadOnlySpan<byte> state, string bundle, HookOutput output = default)
    {
        for (int i = 0; i < hooks.Length; i++)
        {
            if (RunOne(hooks[i], state, bundle, output) is { } failure)
            {
                throw new ContainerException(Describe(kind, i, failure));
            }
        }
    }

    /// <summary>
    /// Runs all hooks, whatever the others do: poststop, whose failures the specification wants logged only. Failures go to
    /// <paramref name="warnings"/>.
    /// </summary>
    public static void RunAll(string kind, Hook[] hooks, ReadOnlySpan<byte> state, string bundle, List<string> warnings, HookOutput output = default)
    {
        for (int i = 0; i < hooks.Length; i++)
        {
            if (RunOne(hooks[i], state, bundle, output) is { } failure)
            {
                warnings.Add(Describe(kind, i, failure));
            }
        }
    }

    private static string Describe(string kind, int index, string failure) =>
        $"error running {kind} hook #{index.ToString(CultureInfo.InvariantCulture)}: {failure}";

    /// <summary>Runs one hook to its end; null when it succeeded, else what went wrong.</summary>
    private static string? RunOne(Hook hook, ReadOnlySpan<byte> state, string bundle, HookOutput files)
    {
        // Files instead of pipes: nobody can block on them, neither a hook that does not read its input nor one that leaves
        // a background process behind with its output open.
        using Fd input = HookFile.Create("hook-state", state);
        using Fd output = HookFile.Create("hook-stdout", default);
        using Fd error = HookFile.Create("hook-stderr", default);
        SysResult spawned = Sys.Spawn(new SpawnOptions
        {
            Path = hook.Path,
            Arguments = hook.Args.Length > 0 ? hook.Args : [hook.Path],
            Environment = hook.Env.Length > 0 ? hook.Env : OwnEnvironment(),
            Stdio = [input.Number, output.Number, error.Number],
            Directory = bundle,
        });
        if (spawned.IsError)
        {
            return ContainerException.System("run", Printable.Escape(hook.Path), spawned.Errno).Message;
        }

        HookExit exit = HookExit.Wait(spawned.Int, HookTime.Seconds(hook));
        if (files.Append(output, error) is { } unwritten)
        {
            return unwritten;
        }

        if (exit.TimedOut)
        {
            return HookTime.Exceeded(HookTime.Seconds(hook)) + (exit.IsLeft ? " and did not end when killed " : " ") + exit.Process;
        }

        return exit.Failure is { } failure
            ? $"{failure}, stdout: {HookFile.Shown(output)}, stderr: {HookFile.Shown(error)}"
            : null;
    }

    // A hook without env gets the runtime's own, as with runc and crun: hooks that are scripts rely on PATH.
    private static string[] OwnEnvironment()
    {
        IDictionary variables = Environment.GetEnvironmentVariables();
        string[] result = new string[variables.Count];
        int i = 0;
        foreach (DictionaryEntry variable in variables)
        {
            result[i++] = $"{variable.Key}={variable.Value}";
        }

        return result;
    }
}
