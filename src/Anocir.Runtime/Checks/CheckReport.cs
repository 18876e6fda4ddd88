using System.Collections.Generic;

namespace Anocir.Runtime.Checks;

/// <summary>What the checks have found, in their order.</summary>
public sealed class CheckReport
{
    private readonly List<Finding> _findings = [];

    /// <summary>All findings.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Whether nothing stands in the way: warnings are no errors.</summary>
    public bool IsOk
    {
        get
        {
            foreach (Finding finding in _findings)
            {
                if (finding.Level == FindingLevel.Error)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Something that is as it should be.</summary>
    public void Ok(string property, string message) => _findings.Add(new Finding(FindingLevel.Ok, property, message, ""));

    /// <summary>Something that keeps some containers from working.</summary>
    public void Warn(string property, string message, string fix) => _findings.Add(new Finding(FindingLevel.Warning, property, message, fix));

    /// <summary>Something that keeps all containers, or the one that was asked for, from working.</summary>
    public void Fail(string property, string message, string fix) => _findings.Add(new Finding(FindingLevel.Error, property, message, fix));
}
