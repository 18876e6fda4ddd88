using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>CopyTree into a tmpfs, compared with what stat and find say.</summary>
public class CopyTreeTests : StepTest
{
    [Fact]
    public void EverythingIsCopiedAsItIs()
    {
        using var temp = new TempDirectory();
        string make = """
            set -e; mkdir -p s/dir/deep/er s/empty t
            echo content > s/file; head -c 300000 /dev/urandom > s/dir/big; : > s/dir/nothing; printf 'x' > 's/dir/name with
            newline'
            chown 12:34 s/file; chmod 4711 s/file; chown 5:6 s/dir; chmod 2750 s/dir; chmod 000 s/dir/nothing; chmod 1777 s/empty
            ln -s ../nowhere s/dir/link; chown -h 7:8 s/dir/link; mkfifo -m 640 s/fifo; mknod -m 600 s/null c 1 3; mknod s/block b 7 99
            for i in $(seq 1 300); do echo $i > s/dir/deep/er/file-with-a-longer-name-$i; done
            setfattr -n user.test -v value s/file 2>/dev/null || true
            touch -h -d '2001-02-03 04:05:06.789' s/file s/dir/link s/empty s/fifo s/dir/deep/er s/dir
            """;
        Shell(temp.Path, make);
        using InitProcess init = Wait(Copy(temp));
        const string List = "find . -mindepth 1 -printf '%P %y %m %U %G %T@ %l %s\\n' | sed -E 's/( d .*) [0-9]+$/\\1/' | sort; find . -type f -exec md5sum {} + | sort; stat -c %t:%T null block";
        string expected = Shell(temp["s"], List);
        Assert.Equal(expected, Shell($"/proc/{init.Pid}/root{temp["t"]}", List));
        Assert.Contains("file f 4711 12 34", expected, StringComparison.Ordinal);
    }

    [Fact]
    public void MountsInsideAreNotEntered()
    {
        using var temp = new TempDirectory();
        temp.AddDirectory("s/mount");
        temp.AddDirectory("s/plain");
        temp.AddDirectory("t");
        TestPlan plan = Isolated();
        short inner = plan.Slot();
        plan.Add(StepKind.Open, temp["s/mount"], a: inner, x: O.PATH).Add(StepKind.MountOnFd, "x", "tmpfs", b: inner);
        short from = plan.Slot();
        short to = plan.Slot();
        plan.Add(StepKind.Open, temp["s"], a: from, x: O.PATH).Add(StepKind.Open, temp["t"], a: to, x: O.PATH)
            .Add(StepKind.CopyTree, a: from, b: to);
        using InitProcess init = Wait(plan);
        Assert.Equal(["plain"], Directory.GetDirectories(temp["t"]).Select(Path.GetFileName));
    }

    [Fact]
    public void DepthIsBounded()
    {
        using var temp = new TempDirectory();
        temp.AddDirectory("t");
        temp.AddDirectory("s/" + string.Join('/', Enumerable.Repeat("d", 66)));
        Fails(Copy(temp), Errno.ELOOP);
    }

    [Fact]
    public void ExistingFilesAreNotOverwritten()
    {
        using var temp = new TempDirectory();
        temp.AddDirectory("s");
        temp.AddFile("s/file", "new");
        temp.AddDirectory("t");
        var plan = new TestPlan();
        short from = plan.Slot();
        short to = plan.Slot();
        temp.AddLink("t/file", temp.AddFile("victim", "old"));
        plan.Add(StepKind.Open, temp["s"], a: from, x: O.PATH).Add(StepKind.Open, temp["t"], a: to, x: O.PATH)
            .Add(StepKind.CopyTree, a: from, b: to);
        using InitProcess init = InitProcess.Start(plan);
        Assert.Equal(Errno.EEXIST, init.Expect(SyncKind.Failed).Errno);
        Assert.Equal("old", File.ReadAllText(temp["victim"]));
    }

    // Covers t with a tmpfs, then copies s into it.
    private static TestPlan Copy(TempDirectory temp)
    {
        TestPlan plan = Isolated();
        short from = plan.Slot();
        short place = plan.Slot();
        short to = plan.Slot();
        return plan.Add(StepKind.Open, temp["s"], a: from, x: O.PATH)
            .Add(StepKind.Open, temp["t"], a: place, x: O.PATH)
            .Add(StepKind.MountOnFd, "tmpfs", "tmpfs", b: place)
            .Add(StepKind.Open, temp["t"], a: to, x: O.PATH)
            .Add(StepKind.CopyTree, a: from, b: to);
    }

    private static string Shell(string directory, string script)
    {
        (int read, int write) = Os.Pipe();
        int pid = Spawn.Start("/bin/sh", ["sh", "-c", $"cd {directory} && {script}"], ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"], [(write, 1)]);
        Os.Close(write);
        var text = new StringBuilder();
        for (byte[] part = Os.Read(read); part.Length > 0; part = Os.Read(read))
        {
            text.Append(Encoding.UTF8.GetString(part));
        }

        Os.Close(read);
        Assert.Equal(0, Os.WaitExit(pid));
        return text.ToString();
    }
}
