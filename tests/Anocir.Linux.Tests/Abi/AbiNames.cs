using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Anocir.Linux.Tests.Abi;

/// <summary>How names and values of the assembly are read and turned into C.</summary>
internal static partial class AbiNames
{
    /// <summary>Reads <c>A=b C=d</c>.</summary>
    public static Dictionary<string, string> Pairs(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);

    /// <summary>MntId becomes mnt_id.</summary>
    public static string Snake(string name)
    {
        var text = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    public static FieldInfo[] InstanceFields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    public static int SizeOf(Type type) => type.IsPointer ? nint.Size
        : Marshal.SizeOf(type.IsEnum ? Enum.GetUnderlyingType(type) : type);

    /// <summary>Constants, and argument-free static properties: values that depend on the machine that this runs on, so only where that is
    /// the compiler's.</summary>
    public static IEnumerable<(string Name, object Value)> Constants(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(n => (n, (object)Convert.ToInt64(Enum.Parse(type, n), CultureInfo.InvariantCulture)));
        }

        return type.GetFields(BindingFlags.Static | BindingFlags.Public).Where(f => f.IsLiteral && f.FieldType != typeof(string))
            .Select(f => (f.Name, Signed(f.GetRawConstantValue()!)))
            .Concat(type.GetProperties(BindingFlags.Static | BindingFlags.Public).Where(_ => CCompiler.Foreign is null)
                .Select(p => (p.Name, Signed(p.GetValue(null)!))));
    }

    /// <summary>A public static class that holds constants of the kernel: it has some, and no methods.</summary>
    public static bool IsConstants(Type type) =>
        (type.IsEnum || (type.IsAbstract && type.IsSealed
            && !type.GetMethods(BindingFlags.Static | BindingFlags.Public).Any(m => !m.IsSpecialName)))
        && Constants(type).Any();

    /// <summary>The names of the structs declared in src/Anocir.Linux/Abi.</summary>
    public static IEnumerable<string> StructsInAbiFolder() =>
        Directory.EnumerateFiles(Path.Combine(Root(), "src/Anocir.Linux/Abi"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => StructName().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value));

    private static object Signed(object value) => value is ulong u ? unchecked((long)u) : Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));

    [GeneratedRegex(@"^\s*(?:public|internal)(?: unsafe| readonly| partial)* struct (\w+)", RegexOptions.Multiline)]
    private static partial Regex StructName();
}
