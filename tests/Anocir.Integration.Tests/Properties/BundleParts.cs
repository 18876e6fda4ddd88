using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;

namespace Anocir.Integration.Tests.Properties;

/// <summary>Short ways to common changes of a config.</summary>
internal static class BundleParts
{
    /// <summary>Sets a member of <c>linux</c> from JSON.</summary>
    public static Bundle Linux(this Bundle bundle, string name, string json)
    {
        bundle.Linux[name] = JsonNode.Parse(json);
        return bundle;
    }

    /// <summary>Sets a member of <c>process</c> from JSON.</summary>
    public static Bundle Process(this Bundle bundle, string name, string json)
    {
        bundle.Process[name] = JsonNode.Parse(json);
        return bundle;
    }

    /// <summary>Neither masked nor read-only paths.</summary>
    public static Bundle WithoutPaths(this Bundle bundle) => bundle.Linux("maskedPaths", "[]").Linux("readonlyPaths", "[]");

    /// <summary>A writable root.</summary>
    public static Bundle Writable(this Bundle bundle)
    {
        bundle.Config["root"]!["readonly"] = false;
        return bundle;
    }

    /// <summary>These capabilities in the three sets that the program of root has.</summary>
    public static Bundle Capabilities(this Bundle bundle, params string[] names)
    {
        string list = Fixture.Bundle.Json(names).ToJsonString();
        return bundle.Process("capabilities", $$"""{"bounding":{{list}},"permitted":{{list}},"effective":{{list}}}""");
    }

    /// <summary>A new user namespace that maps 0 to <paramref name="size"/> ids from 100000 on.</summary>
    public static Bundle UserNamespace(this Bundle bundle, int size = 65536)
    {
        string map = $$"""[{"containerID":0,"hostID":100000,"size":{{size}}}]""";
        return bundle.Namespace("user").Linux("uidMappings", map).Linux("gidMappings", map);
    }
}
