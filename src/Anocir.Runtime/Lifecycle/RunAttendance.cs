using System;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Launch;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Resctrl;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// What a foreground run leaves beside its container: the plan of the attendant, and what that holds. For an ordinary container it is made
/// while init works, when this process would only wait.
/// </summary>
internal sealed class RunAttendance(RuntimeOptions options, CreateOptions create) : IDisposable
{
    private Fd _start = new(-1);
    private Fd _reply = new(-1);
    private Fd _state = new(-1);
    private Fd _controller = new(-1);
    private Fd _memory = new(-1);
    private PlanWriter? _plan;

    /// <summary>Whether the program runs before there is an attendant: poststart hooks need it, and what is restored runs at once. Otherwise the attendant writes the start byte, with
    /// all signals already blocked.</summary>
    public static bool StartsFirst(CreatedContainer container) =>
        container.Record.IsRestored || container.Record.HasPoststart || container.Bundle.Config.Process is null;

    /// <summary>Makes the plan if nothing is missing for it yet; what fails now is tried, and told, at the end.</summary>
    public void Prepare(CreatedContainer container)
    {
        bool knowsAll = !create.Detach && create.NotifySocket is null && !StartsFirst(container) && container.Bundle.Config.Process?.Terminal == false;
        if (!knowsAll)
        {
            return;
        }

        try
        {
            Build(container, terminal: null, relay: null);
        }
        catch (ContainerException)
        {
            Dispose();
        }
    }

    /// <summary>Executes the attendant in the place of this process. Returns only when that failed.</summary>
    public ContainerException Become(CreatedContainer container, ReadinessRelay? relay)
    {
        ulong mask = Sys.BlockSignals(SignalBlock.All);
        Termios? terminal = container.ConsoleMaster.IsOpen ? ForegroundTerminal.MakeRaw() : null;
        try
        {
            if (_plan is null)
            {
                Build(container, terminal, relay);
            }
        }
        catch (ContainerException)
        {
            ForegroundTerminal.Restore(terminal);
            Sys.SetSignalMask(mask);
            throw;
        }

        return Attendant.Become(container.Program, _plan!, _memory, terminal, mask);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _start.Dispose();
        _reply.Dispose();
        _state.Dispose();
        _controller.Dispose();
        _memory.Dispose();
        _plan = null;
    }

    private void Build(CreatedContainer container, Termios? terminal, ReadinessRelay? relay)
    {
        ContainerDirectory directory = container.Directory;
        if (!StartsFirst(container))
        {
            _reply = Open(directory, StateFiles.ReplyFifo, O.RDONLY | O.NONBLOCK);
            _start = Open(directory, StateFiles.ExecFifo, O.WRONLY | O.NONBLOCK);
        }

        _state = Open(directory, ".", O.PATH | O.DIRECTORY);
        _controller = OpenPath("/proc/self/exe", O.PATH);

        ContainerRecord record = container.Record;
        Hooks? hooks = container.Bundle.Config.Hooks;
        _plan = AttendPlanner.Build(new AttendInputs
        {
            PidFd = container.Pidfd.Number,
            Fifos = (_start.Number, _reply.Number),
            StartMilliseconds = StartOperation.Milliseconds(hooks),
            ConsoleMaster = container.ConsoleMaster.Number,
            Notify = relay?.Sockets ?? (-1, -1),
            Terminal = terminal,
            ControllerFd = _controller.Number,
            FinishArguments = FinishCommandLine.Make(options, create, record, terminal),
            Environment = CallerEnvironment.ReadText(),
            // A unit of systemd is stopped over D-Bus, which only the controller can do.
            RemoveDirectly = !record.HasPoststop && record.HasMountNamespace && relay is null && record.Cgroup?.Unit is null,
            Keep = create.Keep,
            Cgroups = [.. record.Cgroup?.Paths ?? [], .. ResctrlGroup.Removable(record.Resctrl)],
            State = (_state.Number, [StateFiles.ExecFifo, StateFiles.ReplyFifo, StateFiles.Reply + "/", StateFiles.Config, StateFiles.Resources, StateFiles.Record], directory.Path),
        });
        _memory = PlanMemory.Create(_plan);
    }

    private static Fd Open(ContainerDirectory directory, string name, int flags)
    {
        SysResult opened = Sys.OpenAt(directory.Descriptor, name, flags | O.CLOEXEC);
        return opened.IsError ? throw ContainerException.System("open", directory.Path + "/" + name, opened.Errno) : new Fd(opened.Int);
    }

    private static Fd OpenPath(string path, int flags)
    {
        SysResult opened = Sys.Open(path, flags | O.CLOEXEC);
        return opened.IsError ? throw ContainerException.System("open", path, opened.Errno) : new Fd(opened.Int);
    }
}
