using System;
using System.Buffers;
using System.Text;
using System.Text.Json;
using Anocir.Runtime.State;
using Xunit;

namespace Anocir.Runtime.Tests.State;

public sealed class StateDocumentTests
{
    [Fact]
    public void StateIsRuncsObject() => Assert.Equal(
        """
        {
          "ociVersion": "1.3.0",
          "id": "web-1",
          "pid": 4242,
          "status": "running",
          "bundle": "/bündle \"x\"",
          "rootfs": "/bündle/rootfs",
          "created": "2026-11-23T15:42:56.1234567Z",
          "annotations": {
            "a.b": "1",
            "a.c": "<&>\n"
          },
          "owner": ""
        }
        """,
        Text(StateDocument.ForState(Records.Full(), ContainerStatus.Running)));

    [Fact]
    public void AStoppedContainerHasPidZeroAndNoAnnotationsAreLeftOut()
    {
        ContainerRecord record = Records.Small("x", RecordStage.Created);
        record.Pid = 7;
        string text = Text(StateDocument.ForState(record, ContainerStatus.Stopped));
        Assert.Contains("\"pid\": 0,", text, StringComparison.Ordinal);
        Assert.Contains("\"status\": \"stopped\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("annotations", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ContainerStatus.Creating, "creating")]
    [InlineData(ContainerStatus.Created, "created")]
    [InlineData(ContainerStatus.Running, "running")]
    [InlineData(ContainerStatus.Paused, "paused")]
    [InlineData(ContainerStatus.Stopped, "stopped")]
    public void StatusesAreSpelledAsInTheSpecification(ContainerStatus status, string text) =>
        Assert.Equal(text, ContainerProcess.Text(status));

    [Fact]
    public void HooksGetTheSpecificationsState() => Assert.Equal(
        """{"ociVersion":"1.3.0","id":"web-1","status":"creating","pid":4242,"bundle":"/bündle \"x\"","annotations":{"a.b":"1","a.c":"<&>\n"}}""",
        Text(StateDocument.ForHook(Records.Full(), ContainerStatus.Creating)));

    [Fact]
    public void PoststopHooksGetNoPid() => Assert.Equal(
        """{"ociVersion":"1.3.0","id":"x","status":"stopped","bundle":"/b"}""",
        Text(StateDocument.ForHook(Records.Small("x"), ContainerStatus.Stopped)));

    [Fact]
    public void ListItemsHaveAnOwner()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (Utf8JsonWriter json = StateDocument.Writer(buffer, indented: false))
        {
            StateDocument.WriteListItem(json, Records.Small("x"), ContainerStatus.Stopped, "root");
        }

        Assert.Equal(
            """{"ociVersion":"1.3.0","id":"x","pid":0,"status":"stopped","bundle":"/b","rootfs":"/b/rootfs","created":"2026-11-23T15:42:56.1234567Z","owner":"root"}""",
            Text(buffer.WrittenMemory));
    }

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
