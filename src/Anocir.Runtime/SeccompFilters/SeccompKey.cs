using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.SeccompFilters;

/// <summary>What a compiled filter depends on, as one hash: this build, its libseccomp, the machine, and the meaning of linux.seccomp.</summary>
internal static class SeccompKey
{
    /// <summary>The hash; equal for two texts of config.json that say the same.</summary>
    public static byte[] Of(Seccomp config)
    {
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        Add(buffer, BuildInfo.Version);
        Add(buffer, BuildInfo.Commit);
        Add(buffer, LibSeccomp.VersionText());
        Add(buffer, SeccompFilter.NativeArchitecture);
        Add(buffer, config.DefaultAction);
        Add(buffer, config.DefaultErrnoRet);
        Add(buffer, config.Architectures);
        Add(buffer, config.Flags is null ? 0u : 1u);
        Add(buffer, config.Flags ?? []);
        Add(buffer, (uint)config.Syscalls.Length);
        foreach (SeccompSyscall rule in config.Syscalls)
        {
            Add(buffer, rule.Names);
            Add(buffer, rule.Action);
            Add(buffer, rule.ErrnoRet);
            Add(buffer, (uint)rule.Args.Length);
            foreach (SeccompArg argument in rule.Args)
            {
                Add(buffer, argument.Index);
                Add(buffer, argument.Value);
                Add(buffer, argument.ValueTwo);
                Add(buffer, argument.Op);
            }
        }

        return Sha256.Hash(buffer.WrittenSpan);
    }

    // Everything with its length or its presence, so that no two configurations give the same bytes.
    private static void Add(ArrayBufferWriter<byte> buffer, string[] texts)
    {
        Add(buffer, (uint)texts.Length);
        foreach (string text in texts)
        {
            Add(buffer, text);
        }
    }

    private static void Add(ArrayBufferWriter<byte> buffer, string text)
    {
        int length = Encoding.UTF8.GetBytes(text, buffer.GetSpan((text.Length * 3) + 4)[4..]);
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(4), length);
        buffer.Advance(length + 4);
    }

    private static void Add(ArrayBufferWriter<byte> buffer, uint? value) => Add(buffer, value is { } number ? number : ulong.MaxValue);

    private static void Add(ArrayBufferWriter<byte> buffer, uint value) => Add(buffer, (ulong)value);

    private static void Add(ArrayBufferWriter<byte> buffer, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }
}
