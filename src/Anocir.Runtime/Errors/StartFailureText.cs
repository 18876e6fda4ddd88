using System.Globalization;
using Anocir.Linux;
using Anocir.Plan;

namespace Anocir.Runtime.Errors;

/// <summary>A failure after the start byte. The plan is gone by then, so init sends the name of the object along.</summary>
internal static class StartFailureText
{
    /// <summary>The line for the user; <paramref name="root"/> is the container's root on the host, if known.</summary>
    public static string Describe(in StartFailure failure, string text, string? root)
    {
        var errno = (Errno)failure.Errno;
        return (StepKind)failure.StepKind switch
        {
            StepKind.Exec => ProgramText.ExecFailed(text, errno, root),
            StepKind.RunHook => "error running startContainer hook #" + failure.Step.ToString(CultureInfo.InvariantCulture) + ": "
                + (errno == Errno.ETIMEDOUT ? "hook ran past its timeout" : StepText.Hook(errno, failure.Value, text)),
            StepKind.LoadSeccomp => "cannot load the seccomp filter (linux.seccomp): " + ErrnoText.Describe(errno),
            _ => "start failed at step " + failure.StepKind.ToString(CultureInfo.InvariantCulture) + ": " + ErrnoText.Describe(errno),
        };
    }
}
