using System;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Launch;
using Anocir.Runtime.Planning;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The second helper (see <see cref="SourcePlanner"/>) as a process.</summary>
internal sealed class SourceHelper : IDisposable
{
    private readonly InitSession _session;
    private int _pid;
    private string? _failure;

    private SourceHelper(int pid, InitSession session)
    {
        _pid = pid;
        _session = session;
    }

    /// <summary>Starts it with its plan.</summary>
    public static SourceHelper Start(InitProgram program, PlanWriter plan)
    {
        (Fd controller, Fd helper) = LaunchFiles.Pair();
        using (helper)
        {
            plan.SetSlot(Slots.Sync, helper.Number);
            int pid = InitLauncher.Spawn(program, plan);
            return new SourceHelper(pid, new InitSession(controller, plan));
        }
    }

    /// <summary>init has got all its sources, so this process is at its end: reaps it.</summary>
    public void Finish() => Reap();

    /// <summary>What it reported when it failed, or null. Called when init is gone or complains, so it is at its end too.</summary>
    public string? Failure()
    {
        if (_pid != 0)
        {
            try
            {
                _ = _session.Receive(out _);
            }
            catch (ContainerException e)
            {
                _failure = e.Message;
            }
            catch (InitDiedException)
            {
                // ended without a report: it did all its work
            }

            Kill();
        }

        return _failure;
    }

    /// <summary>Ends it.</summary>
    public void Kill()
    {
        if (_pid != 0)
        {
            _ = Sys.Kill(_pid, 9);
            Reap();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Kill();
        _session.Dispose();
    }

    private void Reap()
    {
        if (_pid != 0)
        {
            _ = ChildEnd.Wait(_pid);
            _pid = 0;
        }
    }
}
