using System;
using System.IO;
using Anocir.Linux;
using Anocir.Runtime.Lifecycle;
using Xunit;

namespace Anocir.Runtime.Tests.Lifecycle;

/// <summary>The message about a lock that is not to be had names who holds it.</summary>
public sealed class LockHolderTests
{
    private const string Text = """
        1: POSIX  ADVISORY  WRITE 7 00:15:99 0 EOF
        2: FLOCK  ADVISORY  READ 8 00:15:99 0 EOF
        3: FLOCK  ADVISORY  WRITE 42 00:15:99 0 EOF
        3: -> FLOCK  ADVISORY  WRITE 43 00:15:99 0 EOF
        4: FLOCK  ADVISORY  WRITE 44 103:1f:5 0 EOF

        """;

    [Theory]
    [InlineData(0, 0x15, 99, 42)]
    [InlineData(0x103, 0x1f, 5, 44)]
    [InlineData(0, 0x15, 9, 0)]
    [InlineData(1, 0x15, 99, 0)]
    public void The_holder_of_the_exclusive_lock_is_found(uint major, uint minor, ulong inode, int pid) =>
        Assert.Equal(pid, LockHolder.Find(Text, major, minor, inode));

    [Fact]
    public void The_kernel_tells_of_a_real_one()
    {
        string path = Directory.CreateTempSubdirectory("anocir-lock-").FullName;
        try
        {
            using var directory = new Fd(Sys.Open(path, O.RDONLY | O.DIRECTORY | O.CLOEXEC).Int);
            Assert.Equal("", LockHolder.Describe(directory.Number));
            Assert.False(Sys.TryLockExclusive(directory.Number).IsError);
            Assert.StartsWith($" (process {Environment.ProcessId}, state ", LockHolder.Describe(directory.Number), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(path);
        }
    }
}
