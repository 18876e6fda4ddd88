namespace Anocir.Runtime.Spec;

/// <summary>Names of namespace types in config.json (config-linux.md, "Namespaces").</summary>
public static class NamespaceNames
{
    /// <summary>The type of a name such as <c>network</c>.</summary>
    public static bool TryParse(string name, out NamespaceType type)
    {
        int number = name switch
        {
            "pid" => (int)NamespaceType.Pid,
            "network" => (int)NamespaceType.Network,
            "mount" => (int)NamespaceType.Mount,
            "ipc" => (int)NamespaceType.Ipc,
            "uts" => (int)NamespaceType.Uts,
            "user" => (int)NamespaceType.User,
            "cgroup" => (int)NamespaceType.Cgroup,
            "time" => (int)NamespaceType.Time,
            _ => -1,
        };
        type = (NamespaceType)number;
        return number >= 0;
    }

    /// <summary>The name of a type.</summary>
    public static string Name(NamespaceType type) => type switch
    {
        NamespaceType.Pid => "pid",
        NamespaceType.Network => "network",
        NamespaceType.Mount => "mount",
        NamespaceType.Ipc => "ipc",
        NamespaceType.Uts => "uts",
        NamespaceType.User => "user",
        NamespaceType.Cgroup => "cgroup",
        _ => "time",
    };
}
