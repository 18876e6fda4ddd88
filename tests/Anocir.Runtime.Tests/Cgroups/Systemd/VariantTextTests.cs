using System;
using System.Collections.Generic;
using System.Linq;
using Anocir.Runtime.Cgroups.Systemd;
using Anocir.Runtime.Errors;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups.Systemd;

public sealed class VariantTextTests
{
    [Theory]
    [InlineData("true", "b 1")]
    [InlineData(" false ", "b 0")]
    [InlineData("5", "i 5")]
    [InlineData("-1", "i 18446744073709551615")]
    [InlineData("uint64 123456789", "t 123456789")]
    [InlineData("byte 0x1f", "y 31")]
    [InlineData("uint16 65535", "q 65535")]
    [InlineData("0.5", "d 4602678819172646912")]
    [InlineData("double 2", "d 4611686018427387904")]
    [InlineData("'a\\'b'", "s a'b")]
    [InlineData("\"x y\"", "s x y")]
    [InlineData("objectpath '/a'", "o /a")]
    [InlineData("['a', 'b']", "as [s a, s b]")]
    [InlineData("@as []", "as []")]
    [InlineData("@at [1, 2]", "at [t 1, t 2]")]
    [InlineData("[uint64 1]", "at [t 1]")]
    [InlineData("[('/dev/null', 'rw')]", "a(ss) [(ss) [s /dev/null, s rw]]")]
    [InlineData("@a(st) [('a', 5)]", "a(st) [(st) [s a, t 5]]")]
    [InlineData("<'v'>", "v [s v]")]
    [InlineData("010", "i 8")]
    [InlineData("uint64 0", "t 0")]
    [InlineData("uint64 01777777777777777777777", "t 18446744073709551615")]
    [InlineData("double 010", "d 4621819117588971520")]
    [InlineData(@"'\a\b\f\n\r\t'", "s \a\b\f\n\r\t")]
    [InlineData(@"'\\ \"" \' \v \x \0'", "s \\ \" ' v x 0")] // \v as in runc
    [InlineData("'one \\\nline'", "s one line")]
    [InlineData(@"'\u00e9\u20AC'", "s é€")]
    [InlineData(@"'\U0001f600x'", "s 😀x")]
    [InlineData(@"objectpath ""/\u0061""", "o /a")]
    public void A_value_is_read(string text, string expected) => Assert.Equal(expected, Show(VariantText.Parse(text)));

    [Theory]
    [InlineData("", "expected a value at character 1")]
    [InlineData("inactive-or-failed", "expected a value, got 'inactive'")]
    [InlineData("'open", "expected ''' at character 6")]
    [InlineData("1 2", "expected the end at character 3")]
    [InlineData("uint32 -1", "'-1' is out of the range of its type")]
    [InlineData("3000000000", "'3000000000' is out of the range of its type (int32)")]
    [InlineData("[]", "an empty array needs a type, for example @as []")]
    [InlineData("[1, 'a']", "all elements of an array must have one type")]
    [InlineData("()", "expected a member of the tuple at character 3")]
    [InlineData("12x", "'12x' is no number")]
    [InlineData("@z 1", "expected a type after '@' at character 1")]
    [InlineData("uint64 'a'", "expected t at character 8")]
    [InlineData("[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]", "expected a value at character 18")]
    [InlineData("089", "'089' is no number")]
    [InlineData("uint64 02000000000000000000000", "'02000000000000000000000' is out of the range of its type")]
    [InlineData(@"'\u12'", @"expected 4 hexadecimal digits in '\u12''")]
    [InlineData(@"'\u+123'", @"expected 4 hexadecimal digits in '\u+123'")]
    [InlineData(@"'\U0001f60'", @"expected 8 hexadecimal digits in '\U0001f60''")]
    [InlineData(@"'\ud83d\ude00'", @"'\ud83d' is no character of Unicode")]
    [InlineData(@"'\U00110000'", @"'\U00110000' is no character of Unicode")]
    [InlineData(@"'\u0000'", "a text of D-Bus cannot hold the character NUL")]
    [InlineData(@"'\", "expected ''' at character 3")]
    [InlineData(@"'\'", "expected ''' at character 4")]
    public void What_is_none_is_told_from_it(string text, string message) => Assert.Equal(message, Assert.Throws<FormatException>(() => VariantText.Parse(text)).Message);

    [Theory]
    [InlineData("org.systemd.property.TimeoutStopUSec", "uint64 123456789", "TimeoutStopUSec t 123456789")]
    [InlineData("org.systemd.property.CollectMode", "'inactive-or-failed'", "CollectMode s inactive-or-failed")]
    [InlineData("org.systemd.property.TimeoutStopSec", "5", "TimeoutStopUSec t 5000000")]
    [InlineData("org.systemd.property.RuntimeMaxSec", "1.5", "RuntimeMaxUSec t 1500000")]
    [InlineData("org.systemd.propertyX", "x", "")]
    public void An_annotation_is_a_property(string key, string text, string expected) =>
        Assert.Equal(expected, string.Join("; ", UnitAnnotations.Read([new(key, text)]).Select(static p => p.Name + " " + Show(p.Value))));

    [Theory]
    [InlineData("org.systemd.property.ab", "true", "the name of a unit property has three or more letters A-Z, a-z")]
    [InlineData("org.systemd.property.a1b", "true", "the name of a unit property has three or more letters A-Z, a-z")]
    [InlineData("org.systemd.property.CollectMode", "inactive", "'inactive' is not a value in GVariant text form: expected a value, got 'inactive'")]
    [InlineData("org.systemd.property.TimeoutStopSec", "'5'", "''5'' is not a value in GVariant text form: expected a number of seconds")]
    [InlineData("org.systemd.property.TimeoutStopSec", "-5", "'-5' is not a value in GVariant text form: seconds cannot be negative")]
    [InlineData("org.systemd.property.TimeoutStopSec", "uint64 18446744073709551615",
        "'uint64 18446744073709551615' is not a value in GVariant text form: so many seconds cannot be counted in microseconds")]
    public void A_wrong_annotation_is_named(string key, string text, string message)
    {
        var e = Assert.Throws<ContainerException>(() => UnitAnnotations.Read([new KeyValuePair<string, string>(key, text)]));
        Assert.Equal($"invalid config: annotations[\"{key}\"]: {message}", e.Message);
    }

    /// <summary>Signature and value.</summary>
    internal static string Show(DbusValue value) => value.Signature[0] switch
    {
        's' or 'o' or 'g' => $"{value.Signature} {value.Text}",
        'a' or '(' or 'v' => $"{value.Signature} [{string.Join(", ", value.Items.Select(Show))}]",
        _ => $"{value.Signature} {value.Number}",
    };
}
