using Anocir.Runtime.Planning;

namespace Anocir.Runtime.Errors;

/// <summary>CLONE_NEW* flags in the words of config.json.</summary>
internal static class NamespaceText
{
    private static readonly (uint Flag, string Name)[] Names =
    [
        (CloneNew.User, "user"), (CloneNew.Mount, "mount"), (CloneNew.Pid, "pid"), (CloneNew.Network, "network"),
        (CloneNew.Ipc, "ipc"), (CloneNew.Uts, "uts"), (CloneNew.Cgroup, "cgroup"), (CloneNew.Time, "time"),
    ];

    /// <summary><c>mount,pid</c>.</summary>
    public static string Flags(uint flags)
    {
        string text = "";
        foreach ((uint flag, string name) in Names)
        {
            if ((flags & flag) != 0)
            {
                text += text.Length == 0 ? name : "," + name;
            }
        }

        return text;
    }
}
