using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Criu;

/// <summary>The file of settings that CRIU reads after the request, so that it decides what neither a command line nor an engine has an option for.</summary>
internal static class CriuConfigFile
{
    /// <summary>That of the annotation <c>org.criu.config</c>; an empty one means none. Without the annotation runc's; a file that is not there is none.</summary>
    public static string? Find(RuntimeConfig config) => AnnotationNames.Find(config, AnnotationNames.CriuConfig) switch
    {
        null => "/etc/criu/runc.conf",
        "" => null,
        string file => file,
    };
}
