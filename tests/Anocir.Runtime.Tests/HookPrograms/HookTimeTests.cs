using System;
using Anocir.Runtime.HookPrograms;
using Anocir.Runtime.Spec;
using Xunit;

namespace Anocir.Runtime.Tests.HookPrograms;

/// <summary>Whoever waits for hooks waits as long as they may take, and never for ever.</summary>
public sealed class HookTimeTests
{
    [Theory]
    [InlineData(120_000)]
    [InlineData(123_000, 1, 2)]
    [InlineData(120_000 + 1000 + 3_600_000, 1, 0)] // 0: none in the config
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue)]
    public void Limits_add_up(int expected, params int[] timeouts)
    {
        Hook[] hooks = Array.ConvertAll(timeouts, static seconds => new Hook { Path = "/x", Timeout = seconds == 0 ? null : seconds });
        Assert.Equal(expected, HookTime.Milliseconds(120_000, hooks));
    }

    [Theory]
    [InlineData(2, "hook ran past specified timeout of 2.0s")]
    [InlineData(3600, "hook ran past 3600 s, the limit of a hook without timeout")]
    public void The_message_says_whose_limit_it_was(int seconds, string expected) => Assert.Equal(expected, HookTime.Exceeded(seconds));
}
