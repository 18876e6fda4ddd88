using System.Collections.Generic;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>How to start a program.</summary>
internal sealed class SpawnOptions
{
    /// <summary>Working directory; null: this process's.</summary>
    public string? Cwd { get; init; }

    /// <summary>Environment additions; a null value removes.</summary>
    public Dictionary<string, string?> Environment { get; init; } = [];

    /// <summary>Standard input as text; null: /dev/null.</summary>
    public string? Input { get; init; }

    /// <summary>Descriptors to place: number in the program, number here. Overrides standard ones.</summary>
    public Dictionary<int, int> Fds { get; init; } = [];

    /// <summary>Path of a terminal that becomes 0-2 and the controlling terminal of a new session.</summary>
    public string? Terminal { get; init; }

    /// <summary>
    /// Words for the probe's launch mode, which starts the program with other signal dispositions, umask, limits: "ignore=1,2",
    /// "block=10", "umask=077", "cpu=0", "rlimit=7:64".
    /// </summary>
    public string[] Launch { get; init; } = [];
}
