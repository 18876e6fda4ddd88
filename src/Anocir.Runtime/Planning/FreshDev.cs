using System.Collections.Generic;
using Anocir.Plan;

namespace Anocir.Runtime.Planning;

/// <summary>
/// The tmpfs at /dev, while nothing but what this plan made can be in it. Mounts and nodes directly below it are then made by name in the mount that
/// init holds: four system calls less for each. Any mount whose place only init can resolve ends that: an image's symlink might
/// lead it onto /dev.
/// </summary>
public sealed class FreshDev
{
    private const string Path = "/dev";
    private readonly List<string> _names = [];

    /// <summary>The slot that holds the mount, or <see cref="Step.NoSlot"/>.</summary>
    public short Slot { get; private set; } = Step.NoSlot;

    /// <summary>Whether a mount with this destination would be it.</summary>
    public static bool IsPlace(string destination) => destination == Path;

    /// <summary>It has been mounted.</summary>
    public void Begin(short slot)
    {
        Slot = slot;
        _names.Clear();
    }

    /// <summary>
    /// The name below it for a mount that is to get a directory of its own there; null: that is to be resolved, and from then on so is all else.
    /// </summary>
    public string? Take(string destination)
    {
        if (Slot != Step.NoSlot && destination.Length > Path.Length + 1 && destination.StartsWith(Path + "/", System.StringComparison.Ordinal))
        {
            string name = destination[(Path.Length + 1)..];
            if (!name.Contains('/', System.StringComparison.Ordinal) && name is not ("." or "..") && !_names.Contains(name))
            {
                _names.Add(name);
                return name;
            }
        }

        End();
        return null;
    }

    /// <summary>A mount follows whose destination has no symlinks in it: the text tells whether it is elsewhere.</summary>
    public void Pass(string destination)
    {
        if (!(destination.StartsWith("/proc", System.StringComparison.Ordinal) || destination.StartsWith("/sys", System.StringComparison.Ordinal))
            || destination.Contains("..", System.StringComparison.Ordinal))
        {
            End();
        }
    }

    /// <summary>A mount follows that may land anywhere.</summary>
    public void End() => Slot = Step.NoSlot;
}
