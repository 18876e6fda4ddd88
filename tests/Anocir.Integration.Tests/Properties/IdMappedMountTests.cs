using System.IO;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>mounts[] with idmap, ridmap and mappings of their own: whose the files of the host are inside.</summary>
public sealed class IdMappedMountTests : ContainerTest
{
    [Fact]
    public void Mappings_of_the_mount_itself_change_owners_below_it_or_everywhere()
    {
        using Files files = new(Temp);
        Bundle bundle = NewBundle();
        foreach ((string name, string option) in ((string, string)[])[("/one", "idmap"), ("/all", "ridmap"), ("/plain", "ro")])
        {
            _ = bundle.Mount(name, "bind", files.Path, "rbind", option);
            if (option != "ro")
            {
                bundle.Mounts[^1]!["uidMappings"] = System.Text.Json.Nodes.JsonNode.Parse("""[{"containerID":0,"hostID":1000,"size":10}]""");
                bundle.Mounts[^1]!["gidMappings"] = System.Text.Json.Nodes.JsonNode.Parse("""[{"containerID":0,"hostID":2000,"size":10}]""");
            }
        }

        // crun's way to say the same.
        _ = bundle.Mount("/option", "bind", files.Path, "rbind", "ridmap=uids=0-1000-10;gids=0-2000-10");

        // What the map leaves out is nobody's, and root of the container has no rights over it.
        _ = bundle.Mount("/other", "bind", files.Path, "rbind", "idmap=uids=7-0-1;gids=7-0-1");

        Assert.Equal(
            ["0 0", "1000 2000", "1000 2000", "0 0", "1000 2000", "65534 65534"],
            Owners(bundle, "/plain/file", "/one/file", "/all/below/file", "/one/below/file", "/option/below/file", "/other/file"));
        Assert.Equal("/other/new c EACCES", Probe(bundle, "open", "/other/new", "c")["open"]);
    }

    /// <summary>Without mappings of its own a mount has the container's, new or of another container: root's files are the container's root's.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_mappings_the_containers_count(bool isJoined)
    {
        Require.UserNamespaces();
        using Files files = new(Temp);
        string other = Id + "-other";
        Bundle bundle = NewBundle().UserNamespace();
        if (isJoined)
        {
            _ = CreateAs(other, NewBundle().UserNamespace());
            bundle = NewBundle().Namespace("user", $"/proc/{Pid(other)}/ns/user");
        }

        _ = Directory.CreateDirectory(bundle.Rootfs + "/mapped"); // the image is the host's root's, so the container's may make nothing in it
        _ = Directory.CreateDirectory(bundle.Rootfs + "/plain");
        _ = bundle.Mount("/mapped", "bind", files.Path, "rbind", "idmap").Mount("/plain", "bind", files.Path, "rbind");
        Assert.Equal(["0 0", "65534 65534"], Owners(bundle, "/mapped/file", "/plain/file"));
        if (isJoined)
        {
            Delete(other);
        }
    }

    private string[] Owners(Bundle bundle, params string[] paths)
    {
        string[] words = [.. System.Linq.Enumerable.SelectMany(paths, static path => (string[])["stat", path])];
        return System.Array.ConvertAll(Probe(bundle, words).All("stat"), static line => string.Join(' ', line.Split(' ')[3..5]));
    }

    // Root's files on a file system that can be mapped, and on another one mounted below.
    private sealed class Files : System.IDisposable
    {
        private readonly Scratch _above;
        private readonly Scratch _below;

        public Files(string temp)
        {
            Require.IdMappedMounts();
            _above = new Scratch(temp + "/files");
            _below = new Scratch(_above.Path + "/below");
            File.WriteAllText(Path + "/file", "");
            File.WriteAllText(Path + "/below/file", "");
        }

        public string Path => _above.Path;

        public void Dispose()
        {
            _below.Dispose();
            _above.Dispose();
        }
    }
}
