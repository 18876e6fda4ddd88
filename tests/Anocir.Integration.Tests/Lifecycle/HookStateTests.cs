using System.IO;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Lifecycle;

/// <summary>The state that each kind of hook reads on its standard input.</summary>
public sealed class HookStateTests : ContainerTest
{
    [Fact]
    public void Each_hook_sees_the_state_of_its_moment()
    {
        string seen = Directory.CreateDirectory(Temp + "/seen").FullName;
        Bundle bundle = NewBundle().Mount("/seen", "bind", seen, "rbind").Args("/bin/sleep", "1000");
        bundle.Config["annotations"] = new JsonObject { ["a.b"] = "c" };
        foreach (string kind in (string[])["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"])
        {
            _ = bundle.HookScript(kind, $"cat >{(kind == "startContainer" ? "/seen" : seen)}/{kind}");
        }

        _ = Create(bundle);
        int pid = Pid();
        _ = Ok("start", Id);
        Delete();

        foreach ((string kind, string status) in ((string, string)[])[
            ("prestart", "created"), ("createRuntime", "creating"), ("createContainer", "creating"), ("startContainer", "created"),
            ("poststart", "running"), ("poststop", "stopped")])
        {
            JsonNode state = JsonNode.Parse(File.ReadAllText($"{seen}/{kind}"))!;
            Assert.Equal((kind, status), (kind, (string?)state["status"]));
            Assert.Equal((Id, bundle.Dir, "c"), ((string?)state["id"], (string?)state["bundle"], (string?)state["annotations"]!["a.b"]));
            Assert.NotNull(state["ociVersion"]);

            // Hooks in the container see the PID of its own namespace.
            int? expected = kind switch { "createContainer" or "startContainer" => 1, "poststop" => null, _ => pid };
            Assert.Equal(expected, (int?)state["pid"]);
        }
    }
}
