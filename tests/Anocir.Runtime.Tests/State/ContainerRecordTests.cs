using System;
using System.Text;
using Anocir.Runtime.Errors;
using Anocir.Runtime.State;
using CsCheck;
using Xunit;

namespace Anocir.Runtime.Tests.State;

public sealed class ContainerRecordTests
{
    private static readonly byte[] Golden = Encoding.UTF8.GetBytes(Records.GoldenV1);

    [Fact]
    public void WritesTheGoldenFile() =>
        Assert.Equal(Records.GoldenV1, Encoding.UTF8.GetString(ContainerRecordWriter.Write(Records.Full()).WrittenSpan));

    [Fact]
    public void ReadsTheGoldenFile() => Assert.Equivalent(Records.Full(), ContainerRecordReader.Read(Golden, "web-1"), strict: true);

    [Fact]
    public void ReadsTheLeastThatIsARecord()
    {
        ContainerRecord record = Read("""{"version":1,"id":"x","status":"creating","bundle":"/b"}""");
        Assert.Equal(RecordStage.Creating, record.Stage);
        Assert.Equal(0, record.Pid);
        Assert.Null(record.Cgroup);
        Assert.Empty(record.Annotations);
        Assert.True(record.HasPrivatePidNamespace);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(""","startsPlainly":false""", false)]
    [InlineData(""","startsPlainly":true""", true)]
    public void WithoutAWordStartReadsTheConfig(string member, bool plainly) =>
        Assert.Equal(plainly, Read($$"""{"version":1,"id":"x","status":"created","bundle":"/b"{{member}}}""").StartsPlainly);

    [Fact]
    public void IgnoresMembersOfLaterBuilds() =>
        Assert.Equal("/b", Read("""{"version":1,"new":{"a":[1,{}]},"id":"x","status":"created","bundle":"/b","cgroup":{"x":1}}""").Bundle);

    [Fact]
    public void RefusesALaterVersionByNumber()
    {
        var e = Assert.Throws<ContainerException>(() => Read("""{"version":2,"id":{"no":"longer a string"}}"""));
        Assert.Equal(
            "cannot read the state of container 'x': version 2 was written by a newer anocir, this one knows up to 1; "
            + "hint: use the newer one until this container is deleted",
            e.Message);
    }

    [Theory]
    [InlineData("", "not valid JSON at line 1, byte 0")]
    [InlineData("{", "not valid JSON at line 1, byte 1")]
    [InlineData("[]", "expected StartObject, found StartArray at byte 0")]
    [InlineData("""{"version":1,"id":"x","status":"created","bundle":"/b"}x""", "not valid JSON at line 1, byte 55")]
    [InlineData("""{"version":0}""", "version must be 1 or more")]
    [InlineData("""{"version":"1"}""", "a value has the wrong type or is out of range")]
    [InlineData("""{"version":1,"pid":-1}""", "a PID must not be negative")]
    [InlineData("""{"version":1,"pid":2147483648}""", "a value has the wrong type or is out of range")]
    [InlineData("""{"version":1,"status":"paused"}""", "status must be creating or created")]
    [InlineData("""{"version":1,"bundle":null}""", "expected String, found Null at byte 22")]
    [InlineData("""{"version":1,"annotations":{"a":1}}""", "expected String, found Number at byte 32")]
    [InlineData("""{"version":1,"cgroup":{"paths":["etc"]}}""", "a cgroup path must be absolute and clean")]
    [InlineData("""{"version":1,"cgroup":{"paths":["/sys/../etc"]}}""", "a cgroup path must be absolute and clean")]
    [InlineData("""{"version":1,"cgroup":{"paths":[1]}}""", "cgroup.paths must hold strings")]
    [InlineData("""{"version":1,"streams":[1]}""", "streams must hold strings")]
    [InlineData("""{"version":1,"id":"x","status":"created"}""", "a member is missing (version, id, bundle, status)")]
    [InlineData("""{"version":1,"id":"y","status":"created","bundle":"/b"}""", "it is the state of 'y'")]
    public void NamesWhatIsWrong(string json, string cause)
    {
        var e = Assert.Throws<ContainerException>(() => Read(json));
        Assert.Equal($"cannot read the state of container 'x': {cause}; hint: remove it with 'anocir delete --force x'", e.Message);
    }

    [Fact]
    public void DamagedRecordsOnlyThrowContainerException() =>
        Gen.Select(Gen.Int[0, Golden.Length - 1], Gen.Int[0, 40], Gen.Byte.Array[0, 8]).Array[1, 4].Sample(edits =>
        {
            byte[] text = Golden;
            foreach ((int at, int removed, byte[] inserted) in edits)
            {
                int start = Math.Min(at, text.Length);
                int end = Math.Min(start + removed, text.Length);
                text = [.. text[..start], .. inserted, .. text[end..]];
            }

            try
            {
                ContainerRecordReader.Read(text, "web-1");
            }
            catch (ContainerException e)
            {
                Assert.NotEmpty(e.Message);
            }
        });

    [Fact]
    public void WhatIsWrittenIsReadBack() =>
        Gen.Select(Gen.String, Gen.String, Gen.ULong, Gen.Int[0, int.MaxValue]).Sample((text, other, number, pid) =>
        {
            var record = new ContainerRecord
            {
                Id = "x",
                OciVersion = "1",
                Bundle = Valid(text),
                StartsPlainly = pid % 2 == 0,
                Rootfs = Valid(other),
                Created = "",
                Pid = pid,
                PidStartTime = number,
                Annotations = [new(Valid(other), Valid(text))],
            };
            Assert.Equivalent(record, ContainerRecordReader.Read(ContainerRecordWriter.Write(record).WrittenSpan, "x"), strict: true);
        });

    // Lone surrogates cannot come from UTF-8.
    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static ContainerRecord Read(string json) => ContainerRecordReader.Read(Encoding.UTF8.GetBytes(json), "x");
}
