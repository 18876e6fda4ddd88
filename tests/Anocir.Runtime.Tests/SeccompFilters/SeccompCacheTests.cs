using System;
using System.IO;
using System.Linq;
using System.Text;
using Anocir.Runtime.SeccompFilters;
using Anocir.Runtime.Spec;
using Anocir.Runtime.Tests.State;
using Xunit;

namespace Anocir.Runtime.Tests.SeccompFilters;

/// <summary>The cache of compiled filters: what is taken from it, and everything that is not.</summary>
public sealed class SeccompCacheTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    public SeccompCacheTests() => Assert.SkipUnless(Environment.UserName == "root", "needs root, to give files away");

    private string Cache => _root["@seccomp"];

    private string Entry => Assert.Single(Directory.GetFiles(Cache));

    [Fact]
    public void The_second_time_the_file_decides()
    {
        SeccompProgram first = SeccompCache.Compile(Profile("read"), _root.Path);
        Assert.Equal(SeccompCompiler.Compile(Profile("read")).Program, first.Program);
        Assert.Equal((UnixFileMode)0x1c0, File.GetUnixFileMode(Cache));
        Assert.Equal((UnixFileMode)0x180, File.GetUnixFileMode(Entry));

        // To see that it is the file: another program with a right checksum, which a stranger could not have written.
        SeccompProgram other = SeccompCache.Compile(Profile("write"), _root.Path);
        string[] entries = Directory.GetFiles(Cache);
        Assert.Equal(2, entries.Length);
        string mine = entries.Single(path => Convert.FromHexString(Path.GetFileName(path)).AsSpan().SequenceEqual(SeccompKey.Of(Profile("read"))));
        byte[] swapped = File.ReadAllBytes(entries.Single(path => path != mine));
        SeccompKey.Of(Profile("read")).CopyTo(swapped, 8);
        File.WriteAllBytes(mine, swapped);
        Assert.Equal(other.Program, SeccompCache.Compile(Profile("read"), _root.Path).Program);
    }

    [Theory]
    [InlineData("writable by the group")]
    [InlineData("writable by others")]
    [InlineData("of another user")]
    [InlineData("with a second link")]
    [InlineData("a symbolic link")]
    [InlineData("cut off")]
    [InlineData("with a flipped bit")]
    [InlineData("too long")]
    [InlineData("of another hash")]
    [InlineData("empty")]
    [InlineData("a fifo")]
    public void A_file_is_not_used_that_is(string what)
    {
        byte[] right = SeccompCache.Compile(Profile("read"), _root.Path).Program;
        Forge(what);

        Assert.Equal(right, SeccompCache.Compile(Profile("read"), _root.Path).Program);
    }

    [Theory]
    [InlineData("@seccomp", 0x1d0)] // 0720
    [InlineData("@seccomp", 0x1c1)] // 0701
    [InlineData("", 0x1ff)] // 0777
    [InlineData("", 0x1f8)] // 0770
    public void A_directory_is_not_used_that_others_may_change(string directory, int mode)
    {
        byte[] right = SeccompCache.Compile(Profile("read"), _root.Path).Program;
        byte[] forged = File.ReadAllBytes(Entry);
        forged[^1] ^= 1;
        File.WriteAllBytes(Entry, forged);
        File.SetUnixFileMode(_root[directory], (UnixFileMode)mode);

        Assert.Equal(right, SeccompCache.Compile(Profile("read"), _root.Path).Program);
        Assert.Equal(forged, File.ReadAllBytes(Entry));
    }

    [Fact]
    public void A_sticky_root_is_good_enough_and_a_missing_one_is_none()
    {
        File.SetUnixFileMode(_root.Path, (UnixFileMode)0x3ff); // 01777
        _ = SeccompCache.Compile(Profile("read"), _root.Path);
        Assert.NotNull(Entry);
        Assert.NotEmpty(SeccompCache.Compile(Profile("read"), _root["missing"]).Program);
        Assert.False(Directory.Exists(_root["missing"]));
    }

    [Fact]
    public void A_full_directory_is_emptied()
    {
        _ = SeccompCache.Compile(Profile("read"), _root.Path);
        for (int i = 1; i < SeccompCache.MaxEntries; i++)
        {
            File.WriteAllText($"{Cache}/{i}", "x");
        }

        _ = SeccompCache.Compile(Profile("write"), _root.Path);

        Assert.Equal(Convert.ToHexStringLower(SeccompKey.Of(Profile("write"))), Path.GetFileName(Entry));
    }

    [Fact]
    public void Each_part_of_a_filter_changes_the_hash()
    {
        static SeccompArg Argument(uint index = 1, ulong value = 2, ulong two = 3, string op = "SCMP_CMP_EQ") =>
            new() { Index = index, Value = value, ValueTwo = two, Op = op };
        static Seccomp With(Action<Seccomp> change)
        {
            Seccomp profile = Profile("read");
            profile.Syscalls[0].Args = [Argument()];
            change(profile);
            return profile;
        }

        Seccomp[] all =
        [
            With(static _ => { }),
            With(static s => s.DefaultAction = "SCMP_ACT_ALLOW"),
            With(static s => s.DefaultErrnoRet = 1),
            With(static s => s.DefaultErrnoRet = 2),
            With(static s => s.Architectures = ["SCMP_ARCH_X86"]),
            With(static s => s.Flags = []),
            With(static s => s.Flags = ["SECCOMP_FILTER_FLAG_LOG"]),
            With(static s => s.Syscalls = []),
            With(static s => s.Syscalls[0].Names = ["re", "ad"]),
            With(static s => s.Syscalls[0].Names = ["rea", "d"]),
            With(static s => s.Syscalls[0].Action = "SCMP_ACT_LOG"),
            With(static s => s.Syscalls[0].ErrnoRet = 1),
            With(static s => s.Syscalls[0].Args = []),
            With(static s => s.Syscalls[0].Args = [Argument(index: 2)]),
            With(static s => s.Syscalls[0].Args = [Argument(value: 3)]),
            With(static s => s.Syscalls[0].Args = [Argument(two: 4)]),
            With(static s => s.Syscalls[0].Args = [Argument(op: "SCMP_CMP_NE")]),
            With(static s => s.Syscalls = [s.Syscalls[0], s.Syscalls[0]]),
        ];

        Assert.Equal(all.Length, all.Select(static s => Convert.ToHexString(SeccompKey.Of(s))).Distinct().Count());
    }

    // The examples of FIPS 180-2.
    [Theory]
    [InlineData("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    [InlineData("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")]
    public void The_hash_is_sha_256(string text, int times, string hash) =>
        Assert.Equal(hash, Convert.ToHexStringLower(Sha256.Hash(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(text, times))))));

    public void Dispose() => _root.Dispose();

    // A program that allows everything, where the forgery has any content of its own.
    private void Forge(string what)
    {
        string path = Entry;
        byte[] content = File.ReadAllBytes(path);
        byte[] forged = [.. content];
        forged[^1] ^= 0x40;
        switch (what)
        {
            case "writable by the group":
                Replace(path, Swapped(), 0x1b0);
                break;
            case "writable by others":
                Replace(path, Swapped(), 0x182);
                break;
            case "of another user":
                Replace(path, Swapped(), 0x180);
                Assert.Equal(0, chown(path, 1000, 1000));
                break;
            case "with a second link":
                Replace(path, Swapped(), 0x180);
                Assert.Equal(0, link(path, _root["link"]));
                break;
            case "a symbolic link":
                File.WriteAllBytes(_root["target"], Swapped());
                File.Delete(path);
                _ = File.CreateSymbolicLink(path, _root["target"]);
                break;
            case "cut off":
                Replace(path, content[..^8], 0x180);
                break;
            case "with a flipped bit":
                Replace(path, forged, 0x180);
                break;
            case "too long":
                Replace(path, [.. content, .. new byte[8]], 0x180);
                break;
            case "of another hash":
                content[8] ^= 1;
                Replace(path, content, 0x180);
                break;
            case "empty":
                Replace(path, [], 0x180);
                break;
            default:
                File.Delete(path);
                Assert.Equal(0, mkfifo(path, 0x180));
                break;
        }
    }

    // A whole and well-formed file with another filter's program, under this one's hash.
    private static byte[] Swapped()
    {
        using var other = new TemporaryDirectory();
        _ = SeccompCache.Compile(Profile("write"), other.Path);
        byte[] content = File.ReadAllBytes(Assert.Single(Directory.GetFiles(other["@seccomp"])));
        SeccompKey.Of(Profile("read")).CopyTo(content, 8);
        return content;
    }

    private static void Replace(string path, byte[] content, int mode)
    {
        File.WriteAllBytes(path, content);
        File.SetUnixFileMode(path, (UnixFileMode)mode);
    }

    private static Seccomp Profile(string name) => new()
    {
        DefaultAction = "SCMP_ACT_ERRNO", Syscalls = [new SeccompSyscall { Action = "SCMP_ACT_ALLOW", Names = [name] }],
    };

    [System.Runtime.InteropServices.DllImport("libc")]
    private static extern int chown(string path, uint uid, uint gid);

    [System.Runtime.InteropServices.DllImport("libc")]
    private static extern int link(string from, string to);

    [System.Runtime.InteropServices.DllImport("libc")]
    private static extern int mkfifo(string path, uint mode);
}
