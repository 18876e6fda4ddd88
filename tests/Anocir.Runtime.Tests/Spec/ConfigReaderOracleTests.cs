using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using Anocir.Runtime.Spec;
using CsCheck;
using Xunit;

namespace Anocir.Runtime.Tests.Spec;

public sealed class ConfigReaderOracleTests
{
    // The specification's REQUIRED properties: without them the reader throws where the oracle does not care.
    private static readonly HashSet<string> s_required =
    [
        "ociVersion", "root", "path", "type", "hard", "soft", "destination", "size", "allow", "major", "minor", "rate", "pageSize",
        "defaultAction", "action", "index", "value", "op", "domain", "mode", "policy", "class", "limit", "name", "priority",
        "monotonic", "boottime", // other names are refused there
    ];

    [Fact]
    public void EveryPropertyIsReadAsTheOracleReadsIt()
    {
        byte[] json = Encoding.UTF8.GetBytes(FullConfig.Json);
        Assert.Equal(Oracle.Write(Oracle.Read(json)), Oracle.Write(ConfigReader.Parse(json)));
    }

    [Fact]
    public void EveryPropertyOfTheModelIsInTheFullConfig()
    {
        string text = Oracle.Write(ConfigReader.Parse(Encoding.UTF8.GetBytes(FullConfig.Json)));
        JsonNode config = JsonNode.Parse(text)!;
        Assert.NotNull(config["Linux"]!["Resources"]!["Memory"]!["KernelTcp"]);
        Assert.Equal(38u, (uint)config["Linux"]!["Seccomp"]!["DefaultErrnoRet"]!);
        Assert.Equal("Network", (string?)config["Linux"]!["Namespaces"]![1]!["Type"]);
        Assert.Equal("2", (string?)config["Process"]!["ExecCpuAffinity"]!["Final"]);
        foreach (string section in (string[])["Process", "Linux"])
        {
            Assert.All(config[section]!.AsObject(), p => Assert.NotNull(p.Value));
        }

        Assert.All(config["Linux"]!["Resources"]!.AsObject(), p => Assert.NotNull(p.Value));
    }

    [Fact]
    public void AnySubsetIsReadAsTheOracleReadsIt() =>
        Gen.ULong.Sample(
            seed =>
            {
                JsonNode config = JsonNode.Parse(FullConfig.Json)!;
                var random = new System.Random((int)(seed ^ (seed >> 32)));
                Thin(config, random);
                byte[] json = Encoding.UTF8.GetBytes(config.ToJsonString());
                return Oracle.Write(Oracle.Read(json)) == Oracle.Write(ConfigReader.Parse(json));
            },
            iter: 300);

    private static void Thin(JsonNode? node, System.Random random)
    {
        switch (node)
        {
            case JsonObject json:
                foreach (string name in json.Select(p => p.Key).ToList())
                {
                    if (!s_required.Contains(name) && random.Next(4) == 0)
                    {
                        if (random.Next(2) == 0)
                        {
                            json.Remove(name);
                        }
                        else
                        {
                            json["unknown " + name] = json[name]!.DeepClone();
                            json.Remove(name);
                        }
                    }
                    else
                    {
                        Thin(json[name], random);
                    }
                }

                break;
            case JsonArray list:
                foreach (JsonNode? item in list)
                {
                    Thin(item, random);
                }

                break;
        }
    }
}
