namespace Anocir.Runtime.Lifecycle;

/// <summary>The create command.</summary>
public static class CreateOperation
{
    /// <summary>Creates a container that waits for start.</summary>
    public static void Create(RuntimeOptions options, CreateOptions create)
    {
        using CreatedContainer container = ContainerCreation.Run(options, create, serveConsole: false, static _ => { });
    }
}
