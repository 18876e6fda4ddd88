using System;
using System.Linq;
using System.Text;
using Anocir.Runtime.Criu;
using CsCheck;
using Xunit;

namespace Anocir.Runtime.Tests.Criu;

/// <summary>Messages to and from CRIU (its images/rpc.proto) in the encoding of Protocol Buffers.</summary>
public sealed class CriuMessageTests
{
    [Fact]
    public void FieldsHaveTheWireFormat()
    {
        var inner = new ProtobufWriter();
        inner.Text(1, "a");
        var message = new ProtobufWriter();
        message.Number(1, 1);
        message.Number(2, 300);
        message.Number(3, -1);
        message.Flag(4, true);
        message.Flag(5, false);
        message.Text(6, "net");
        message.Text(7, null);
        message.Message(23, inner);
        message.Pair(37, "k", "");
        Assert.Equal(
            "0801" + "10AC02" + "18FFFFFFFFFFFFFFFFFF01" + "2001" + "32036E6574" + "BA01030A0161" + "AA02050A016B1200",
            Convert.ToHexString(message.Written));
    }

    [Fact]
    public void WhatIsWrittenIsRead() => Gen.Select(Gen.UInt[1, 500], Gen.Long, Gen.String).Sample((field, number, text) =>
    {
        var message = new ProtobufWriter();
        message.Number(field, number);
        message.Text(field + 1, text);
        var reader = new ProtobufReader(message.Written);
        Assert.True(reader.Next());
        Assert.Equal((field, number), (reader.Field, (long)reader.Number));
        Assert.True(reader.Next());
        Assert.Equal((field + 1, text), (reader.Field, Encoding.UTF8.GetString(reader.Bytes)));
        Assert.False(reader.Next());
        Assert.False(reader.IsDamaged);
    });

    [Fact]
    public void NoBytesBreakTheReader() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        CriuResponse? response = CriuResponse.Read(bytes);
        return response is null || response.Script.Length <= bytes.Length;
    }, iter: 5000);

    [Fact]
    public void NotificationsAndAnswersAreRead()
    {
        // type NOTIFY, success, notify { script "post-restore", pid 4711 }
        CriuResponse notification = Read("0806" + "1001" + "2A110A0C706F73742D726573746F726510E724");
        Assert.Equal((CriuRequestType.Notify, true, "post-restore", 4711), (notification.Type, notification.Success, notification.Script, notification.Pid));

        CriuResponse restored = Read("0802" + "1001" + "220308E724");
        Assert.Equal((CriuRequestType.Restore, 4711), (restored.Type, restored.Pid));

        CriuResponse failed = Read("0801" + "1000" + "380D");
        Assert.Equal((false, 13), (failed.Success, failed.Errno));

        CriuResponse features = Read("0809" + "1001" + "420408001001");
        Assert.Equal((false, true), (features.TracksMemory, features.HasLazyPages));

        // major 4, minor 2, sublevel 1; the same with a gitid
        Assert.Equal(40201, Read("080A" + "1001" + "5206080410022001").Version);
        Assert.Equal(40300, Read("080A" + "1001" + "520A080410021A0267302001").Version);
    }

    [Theory]
    [InlineData("08")] // a number that does not go on
    [InlineData("2A")] // a length that is not there
    [InlineData("2AFF01")] // longer than the message
    [InlineData("0B")] // a group
    [InlineData("08FFFFFFFFFFFFFFFFFFFFFF01")] // more than ten bytes
    public void DamagedMessagesAreNone(string hex) => Assert.Null(CriuResponse.Read(Convert.FromHexString(hex)));

    [Fact]
    public void ARequestHoldsWhatWasAskedFor()
    {
        var options = new CriuOptions
        {
            ImagesFd = 5,
            WorkFd = 6,
            LogFile = "dump.log",
            Pid = 77,
            Root = "/r",
            Choices = new CheckpointChoices { LeaveRunning = true, CgroupsMode = CheckpointChoices.ParseCgroupsMode("ignore"), PageServer = ("::1", 9) },
        };
        options.ExternalMounts.Add(("/etc/hosts", "/etc/hosts"));
        options.External.Add("net[42]:extRootNetNS");
        options.CgroupRoots.Add(("", "/x"));
        var reader = new ProtobufReader(options.Write().Written);
        var fields = new System.Collections.Generic.List<string>();
        while (reader.Next())
        {
            fields.Add(reader.Field + "=" + (reader.Bytes.IsEmpty ? reader.Number.ToString(System.Globalization.CultureInfo.InvariantCulture) : Convert.ToHexString(reader.Bytes)));
        }

        Assert.Equal(
            [
                "1=5", "2=77", "3=1", "9=4", "10=" + Hex("dump.log"), "11=0A03" + Hex("::1") + "1009", "12=1", "13=" + Hex("/r"), "17=6", "24=1", "34=0",
                "38=1073741824", "50=1", "23=0A0A" + Hex("/etc/hosts") + "120A" + Hex("/etc/hosts"), "25=0A001202" + Hex("/x"), "37=" + Hex("net[42]:extRootNetNS"),
            ],
            fields);
    }

    [Theory]
    [InlineData(null, 6)]
    [InlineData("", 6)]
    [InlineData("soft", 3)]
    [InlineData("full", 4)]
    [InlineData("strict", 5)]
    [InlineData("ignore", 0)]
    [InlineData("Soft", -1)]
    public void CgroupModesAreCriusNumbers(string? name, int number) => Assert.Equal(number, CheckpointChoices.ParseCgroupsMode(name));

    [Fact]
    public void OnlyLinesThatSayWhyAreTakenFromTheLog()
    {
        const string Log = """
            (00.074495) Error (criu/util.c:1534): rlimit: Can't setup RLIMIT_NOFILE for self: Operation not permitted
            (00.209363) Dumping path for 0 fd via self 18 [/dev/null]
            (00.209381) Error (criu/files-reg.c:1790): Can't lookup mount=82 for fd=1 path=/tmp/out
            (00.209381) Error (criu/files-reg.c:1790): Can't lookup mount=82 for fd=1 path=/tmp/out
            (00.209389)      1: Error (criu/x.c:1): two
            (00.209411) Error (criu/cr-dump.c:1545): Dump files (pid: 18060) failed with -1
            (00.256080) Error (criu/cr-dump.c:1975): Dumping FAILED.
            """;
        Assert.Equal(["Can't lookup mount=82 for fd=1 path=/tmp/out", "two"], CriuLog.Errors(Encoding.UTF8.GetBytes(Log)));
        Assert.Empty(CriuLog.Errors([]));
        Assert.Equal(3, CriuLog.Errors(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 9).Select(static i => $"Error (c): {i}\n")))).Count);
        Assert.Equal([@"a\u001b[0m"], CriuLog.Errors("Error (c): a\u001b[0m"u8));
    }

    private static CriuResponse Read(string hex) => CriuResponse.Read(Convert.FromHexString(hex))!;

    private static string Hex(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));
}
