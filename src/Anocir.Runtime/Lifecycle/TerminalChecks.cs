using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Whether process.terminal and --console-socket go together; runc's texts, which scripts look for.</summary>
internal static class TerminalChecks
{
    /// <summary><paramref name="serveConsole"/>: this process stays and serves the terminal itself (foreground run and exec).</summary>
    public static void Check(Process? process, string? consoleSocket, bool serveConsole)
    {
        bool terminal = process?.Terminal == true;
        if (terminal && !serveConsole && consoleSocket is null)
        {
            throw new ContainerException("cannot allocate tty if runc will detach without setting console socket");
        }

        if (consoleSocket is not null && (!terminal || serveConsole))
        {
            throw new ContainerException("cannot use console socket if runc will not detach or allocate tty");
        }
    }
}
