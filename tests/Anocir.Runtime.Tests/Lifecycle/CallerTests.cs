using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;
using Xunit;

namespace Anocir.Runtime.Tests.Lifecycle;

/// <summary>What is decided from the caller's rights: groups, ranges of IDs, why a user namespace is not to be had.</summary>
public sealed class CallerTests : IDisposable
{
    private const string Initial = "         0          0 4294967295\n";
    private readonly string _directory = Directory.CreateTempSubdirectory("anocir-caller-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(1000, Initial, "allow\n", true, false, false)]
    [InlineData(0, Initial, "allow\n", false, false, false)]
    [InlineData(0, "         0       1000          1\n", "deny\n", false, true, true)]
    [InlineData(0, "         0     100000      65536\n", "allow\n", false, true, false)]
    public void The_caller_is_known_by_its_uid_and_its_namespace(int uid, string map, string setgroups, bool rootless, bool inside, bool denied)
    {
        File.WriteAllText(_directory + "/uid_map", map);
        File.WriteAllText(_directory + "/setgroups", setgroups);

        var caller = Caller.Read((uint)uid, 1000, true, _directory);

        Assert.Equal((rootless, inside, denied), (caller.IsRootless, caller.IsInUserNamespace, caller.SetgroupsDenied));
        Assert.Equal((!inside, false), (caller.IsPrivileged, Caller.Read((uint)uid, 1000, false, _directory).IsPrivileged));
    }

    [Theory]
    [InlineData(0, "none", SetgroupsRule.Allowed)]
    [InlineData(0, "new", SetgroupsRule.Allowed)]
    [InlineData(0, "path", SetgroupsRule.Unknown)]
    [InlineData(1000, "new", SetgroupsRule.Unknown)]
    [InlineData(1000, "own", SetgroupsRule.Denied)]
    [InlineData(0, "keep", SetgroupsRule.Denied)]
    [InlineData(0, "denied", SetgroupsRule.Denied)]
    public void Groups_are_set_where_the_kernel_lets_them_be(int uid, string what, object rule)
    {
        var linux = new LinuxConfig
        {
            Namespaces = what is "none" or "denied" or "keep" ? [] : [new LinuxNamespace { Type = NamespaceType.User, Path = what == "path" ? "/proc/1/ns/user" : null }],
            GidMappings = [new IdMapping { ContainerId = 0, HostId = 1000, Size = what == "own" ? 1u : 10u }],
        };
        var config = new RuntimeConfig
        {
            Linux = linux,
            Annotations = what == "keep" ? [new KeyValuePair<string, string>("run.oci.keep_original_groups", "1")] : [],
        };

        Assert.Equal((SetgroupsRule)rule, Groups.Rule(config, new Caller { Uid = (uint)uid, Gid = 1000, SetgroupsDenied = what == "denied" }));
    }

    [Theory]
    [InlineData("user:100000:65536\n", 100000, 65536, true)]
    [InlineData("other:100000:65536\n1000:200000:10\n", 200000, 10, true)]
    [InlineData("user:100000:65536\n", 100001, 65536, false)]
    [InlineData("user:100000:65536\nuser:165536:65536\n", 165536, 1, true)]
    [InlineData("users:100000:65536\nuser:x:1\nuser:1\nuser\n", 100000, 1, false)]
    [InlineData("", 1000, 1, true)]
    [InlineData("", 1000, 2, false)]
    [InlineData("user:4294967200:95\n", 4294967200, 95, true)]
    public void A_range_must_be_given_as_a_whole(string file, uint first, uint size, bool given)
    {
        var ids = new SubIds(Encoding.ASCII.GetBytes(file), "user", 1000);

        Assert.Equal(given, ids.FirstMissing([new IdMapping { HostId = first, Size = size }], own: 1000) is null);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("user/max_user_namespaces=96364", null)]
    [InlineData("user/max_user_namespaces=0", "sysctl -w user.max_user_namespaces=15000")]
    [InlineData("kernel/unprivileged_userns_clone=0", "sysctl -w kernel.unprivileged_userns_clone=1")]
    [InlineData("kernel/unprivileged_userns_clone=1", null)]
    [InlineData("kernel/apparmor_restrict_unprivileged_userns=1", "apparmor_parser -r /etc/apparmor.d/anocir")]
    [InlineData("kernel/apparmor_restrict_unprivileged_userns=0", null)]
    public void The_parameter_that_forbids_user_namespaces_is_named_with_its_remedy(string parameter, string? remedy)
    {
        _ = Directory.CreateDirectory(_directory + "/user");
        _ = Directory.CreateDirectory(_directory + "/kernel");
        if (parameter.Length > 0)
        {
            File.WriteAllText(_directory + "/" + parameter.Split('=')[0], parameter.Split('=')[1] + "\n");
        }

        string? restriction = UserNamespaceSupport.Restriction(_directory, privileged: false, Linux.Errno.EPERM);

        Assert.Equal(remedy is null, restriction is null);
        Assert.Contains(remedy ?? "", restriction ?? "", StringComparison.Ordinal);

        // Too many namespaces are not what the other parameters forbid.
        bool limit = remedy?.Contains("max_user_namespaces", StringComparison.Ordinal) ?? false;
        Assert.Equal(limit ? restriction : null, UserNamespaceSupport.Restriction(_directory, privileged: false, Linux.Errno.ENOSPC));

        // To a caller with CAP_SYS_ADMIN only the limit says anything.
        Assert.Equal(limit ? restriction : null, UserNamespaceSupport.Restriction(_directory, privileged: true, Linux.Errno.EPERM));
    }

    [Theory]
    [InlineData("uids=0-100000-65536;gids=0-200000-1#5-300000-2", "0:100000:65536", "0:200000:1 5:300000:2")]
    [InlineData("uids=@1-3-10;gids=@0-0-1", "1:4:10", "0:0:1")] // the example of crun's manual
    [InlineData("gids=0-1-1", "", "0:1:1")]
    public void The_mapping_of_a_mount_option_is_read(string text, string uids, string gids)
    {
        IdMapping[] container = [new() { ContainerId = 0, HostId = 0, Size = 1 }, new() { ContainerId = 1, HostId = 2, Size = 1000 }];

        MountIdMaps maps = MountIdMaps.Parse(text, new LinuxConfig { UidMappings = container, GidMappings = container });

        Assert.Equal((uids, gids), (Text(maps.Uids), Text(maps.Gids)));
    }

    [Theory]
    [InlineData("uids", "must consist of uids=")]
    [InlineData("ids=0-0-1", "must consist of uids=")]
    [InlineData("uids=0-0", "each mapping must be FROM-TO-COUNT")]
    [InlineData("uids=0-0-1#", "each mapping must be FROM-TO-COUNT")]
    [InlineData("uids=0-0-x", "each mapping must be FROM-TO-COUNT")]
    [InlineData("uids=0-0-99999999999", "each mapping must be FROM-TO-COUNT")]
    [InlineData("uids=@0-0-1", "must begin with an ID of the container's user namespace")]
    public void A_mapping_that_cannot_be_read_breaks_a_rule(string text, string rule) =>
        Assert.Contains(rule, Assert.Throws<FormatException>(() => MountIdMaps.Parse(text, new LinuxConfig())).Message, StringComparison.Ordinal);

    private static string Text(IdMapping[] mappings) => string.Join(' ', Array.ConvertAll(mappings, static m => $"{m.ContainerId}:{m.HostId}:{m.Size}"));
}
