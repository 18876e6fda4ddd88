using Anocir.Cli.CommandLine;
using Anocir.Runtime.Criu;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary>The options that checkpoint and restore share.</summary>
internal static class CheckpointArguments
{
    /// <summary>The options for a container of this name.</summary>
    /// <exception cref="ContainerException">A value is none of those that its option takes.</exception>
    public static CheckpointOptions Read(Arguments arguments, ContainerId id)
    {
        foreach (string name in arguments.Texts(OptionId.EmptyNs))
        {
            if (name != "network")
            {
                throw new ContainerException($"namespace \"{name}\" is not supported by --empty-ns, only network");
            }
        }

        return new CheckpointOptions
        {
            Id = id,
            ImagePath = arguments.Path(OptionId.CheckpointImagePath) ?? arguments.Path(OptionId.RestoreImagePath) ?? "checkpoint",
            WorkPath = arguments.Path(OptionId.WorkPath),
            PreDump = arguments.Has(OptionId.PreDump),
            StatusFd = arguments.Text(OptionId.StatusFd) is null ? -1 : arguments.Number(OptionId.StatusFd),
            Choices = new CheckpointChoices
            {
                LeaveRunning = arguments.Has(OptionId.LeaveRunning),
                TcpEstablished = arguments.Has(OptionId.TcpEstablished),
                TcpSkipInFlight = arguments.Has(OptionId.TcpSkipInFlight),
                TcpClose = arguments.Has(OptionId.TcpClose),
                LinkRemap = arguments.Has(OptionId.LinkRemap),
                ExternalUnixSockets = arguments.Has(OptionId.ExtUnixSk),
                ShellJob = arguments.Has(OptionId.ShellJob),
                FileLocks = arguments.Has(OptionId.FileLocks),
                LazyPages = arguments.Has(OptionId.LazyPages),
                AutoDedup = arguments.Has(OptionId.AutoDedup),
                ParentPath = arguments.Path(OptionId.ParentPath),
                PageServer = arguments.Path(OptionId.PageServer) is { } server ? ParseServer(server) : null,
                CgroupsMode = Word(OptionId.ManageCgroupsMode, arguments, CheckpointChoices.ParseCgroupsMode, "soft, full, strict or ignore"),
                NetworkLock = Word(OptionId.NetworkLock, arguments, CheckpointChoices.ParseNetworkLock, "iptables, nftables or skip"),
                LsmProfile = arguments.Path(OptionId.LsmProfile),
                LsmMountContext = arguments.Path(OptionId.LsmMountContext),
            },
        };
    }

    private static int Word(OptionId option, Arguments arguments, System.Func<string?, int> parse, string words)
    {
        string? text = arguments.Text(option);
        int number = parse(text);
        return number >= 0 ? number : throw new ContainerException($"--{OptionTable.Get(option).Name} must be {words}, got '{text}'");
    }

    // As Go's net.SplitHostPort: the port follows the last colon, and an IPv6 address stands in brackets.
    private static (string Address, int Port) ParseServer(string text)
    {
        const int MaxPort = 65535;
        int colon = text.LastIndexOf(':');
        string address = colon < 0 ? "" : text[..colon];
        bool bracketed = address.Length > 2 && address[0] == '[' && address[^1] == ']';
        bool right = address.Length > 0 && (bracketed || !address.Contains(':', System.StringComparison.Ordinal));
        return right && Numbers.TryParse(text[(colon + 1)..], out int port) && port is > 0 and <= MaxPort
            ? (bracketed ? address[1..^1] : address, port)
            : throw new ContainerException($"--page-server must be ADDRESS:PORT, got '{text}'");
    }
}
