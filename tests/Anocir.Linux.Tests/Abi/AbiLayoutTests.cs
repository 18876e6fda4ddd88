using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Xunit;

namespace Anocir.Linux.Tests.Abi;

/// <summary>The C compiler is the oracle: sizes, offsets and constants are compared with the kernel's headers by static asserts.</summary>
public class AbiLayoutTests
{
    public static TheoryData<string> StructNames => [.. AllStructs.Select(r => r.Type.FullName!)];

    public static TheoryData<string> ConstantNames => [.. AllConstants.Select(r => r.Type.FullName!)];

    private static IEnumerable<StructRow> AllStructs => AbiTable.Structs.Concat(InitAbiTable.Structs);

    private static IEnumerable<ConstantsRow> AllConstants => AbiTable.Constants.Concat(InitAbiTable.Constants);

    [Theory]
    [MemberData(nameof(StructNames))]
    public void StructEqualsTheKernels(string name)
    {
        StructRow row = AllStructs.Single(r => r.Type.FullName == name);
        Dictionary<string, string> names = AbiNames.Pairs(row.Fields);
        var source = new StringBuilder();
        if (row.Size)
        {
            Assert(source, $"sizeof({row.CName})", Marshal.SizeOf(row.Type), $"size of {name}");
        }

        foreach (FieldInfo field in AbiNames.InstanceFields(row.Type))
        {
            if (names.GetValueOrDefault(field.Name, row.Prefix + AbiNames.Snake(field.Name)) is not { Length: > 0 } c)
            {
                continue;
            }

            Assert(source, $"__builtin_offsetof({row.CName}, {c})", Marshal.OffsetOf(row.Type, field.Name), $"offset of {name}.{field.Name}");
            Assert(source, $"sizeof((({row.CName} *)0)->{c})", AbiNames.SizeOf(field.FieldType), $"size of {name}.{field.Name}");
        }

        CCompiler.Check(row.Headers, source.ToString());
    }

    [Theory]
    [MemberData(nameof(ConstantNames))]
    public void ConstantsEqualTheKernels(string name)
    {
        ConstantsRow row = AllConstants.Single(r => r.Type.FullName == name);
        Dictionary<string, string> names = AbiNames.Pairs(row.Names);
        string[] newer = row.MayBeNewer.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var source = new StringBuilder();
        foreach ((string member, object value) in AbiNames.Constants(row.Type))
        {
            if (names.GetValueOrDefault(member, row.Prefix + member) is not { Length: > 0 } c)
            {
                continue;
            }

            string guard = newer.Contains(member) ? c : "__linux__";
            source.Append("#ifdef ").AppendLine(guard);
            Assert(source, $"(unsigned long long)({c})", $"(unsigned long long)({value}LL)", $"{name}.{member}");
            source.AppendLine("#endif");
        }

        CCompiler.Check(row.Headers, source.ToString());
    }

    [Fact]
    public void EveryStructIsInTheTable()
    {
        IEnumerable<string> missing = AbiNames.StructsInAbiFolder().Except(AbiTable.Structs.Select(r => r.Type.Name));
        Xunit.Assert.Empty(missing);
    }

    [Fact]
    public void EveryClassOfConstantsIsInTheTable()
    {
        IEnumerable<string> missing = typeof(Sys).Assembly.GetExportedTypes().Where(AbiNames.IsConstants)
            .Select(t => t.Name).Except(AbiTable.Constants.Select(r => r.Type.Name)).Except(AbiTable.OwnConstants);
        Xunit.Assert.Empty(missing);
    }

    [Fact]
    public void EveryDeclarationOfInitIsInTheTable()
    {
        IEnumerable<Type> missing = InitAbiTable.All().Except(InitAbiTable.Structs.Select(r => r.Type))
            .Except(InitAbiTable.Constants.Select(r => r.Type));
        Xunit.Assert.Empty(missing);
    }

    [Fact]
    public void AWrongValueIsFound() =>
        Xunit.Assert.Contains("size of X", Xunit.Assert.ThrowsAny<Exception>(
            () => CCompiler.Check("errno.h", "_Static_assert(sizeof(int) == 5, \"size of X\");")).Message, StringComparison.Ordinal);

    private static void Assert(StringBuilder source, string c, object ours, string what) =>
        source.Append("_Static_assert(").Append(c).Append(" == ").Append(ours).Append(", \"").Append(what).Append(" is ").Append(ours)
            .AppendLine(" here\");");
}
