using System;
using Anocir.Integration.Tests.Fixture;

namespace Anocir.Integration.Tests.Documents;

/// <summary>How to make a message of the catalogue come: by a change of the bundle, options, or what the command runs in.</summary>
internal sealed class ErrorCase
{
    /// <summary>Change of the configuration or of the root, before config.json is written.</summary>
    public Action<Bundle> Change { get; init; } = static _ => { };

    /// <summary>Change of the bundle afterwards.</summary>
    public Action<Bundle> Afterwards { get; init; } = static _ => { };

    /// <summary>Global options.</summary>
    public string[] Global { get; init; } = [];

    /// <summary>Options of run.</summary>
    public string[] Options { get; init; } = [];

    /// <summary>Shell commands of a mount namespace of its own that precede the command; TAG is the test's.</summary>
    public string? Before { get; init; }

    /// <summary>A program with its options that executes the command.</summary>
    public string[] Wrapper { get; init; } = [];

    /// <summary>Container ID in the place of the test's.</summary>
    public string? Id { get; init; }

    /// <summary>What the machine must have.</summary>
    public Action Needs { get; init; } = static () => { };

    /// <summary>A case that a change of the bundle makes.</summary>
    public static implicit operator ErrorCase(Action<Bundle> change) => new() { Change = change };
}
