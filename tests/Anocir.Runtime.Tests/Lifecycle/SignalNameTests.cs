using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;
using Xunit;

namespace Anocir.Runtime.Tests.Lifecycle;

public sealed class SignalNameTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("9", 9)]
    [InlineData("64", 64)]
    [InlineData("KILL", 9)]
    [InlineData("kill", 9)]
    [InlineData("SIGKILL", 9)]
    [InlineData("sigTerm", 15)]
    [InlineData("IOT", 6)]
    [InlineData("CLD", 17)]
    [InlineData("POLL", 29)]
    [InlineData("STKFLT", 16)]
    [InlineData("RTMIN", 34)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("rtmin+30", 64)]
    [InlineData("RTMAX", 64)]
    [InlineData("SIGRTMAX-30", 34)]
    public void Known(string text, int number) => Assert.Equal(number, SignalName.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("SIG")]
    [InlineData("SIGSIGKILL")]
    [InlineData("FOO")]
    [InlineData("65")]
    [InlineData("-9")]
    [InlineData("+9")]
    [InlineData(" 9")]
    [InlineData("99999999999")]
    [InlineData("RTMIN-1")]
    [InlineData("RTMIN+31")]
    [InlineData("RTMIN+")]
    [InlineData("RTMIN3")]
    [InlineData("RTMAX+1")]
    public void UnknownHasRuncsPhrase(string text) =>
        Assert.Equal($"unknown signal \"{text}\"", Assert.Throws<ContainerException>(() => SignalName.Parse(text)).Message);

    [Theory]
    [InlineData(0u, "root")]
    [InlineData(1000u, "user")]
    [InlineData(7u, null)]
    public void UsersAreFoundByNumber(uint uid, string? name) =>
        Assert.Equal(name, UserNames.Find("root:x:0:0::/:/bin/sh\n\nbad\nuser:*:1000:7:a:b\nlater:*:1000:7:a:b"u8, uid));

    [Fact]
    public void AnUnknownUserIsANumber() => Assert.Equal("#4294967294", UserNames.Get(4294967294));
}
