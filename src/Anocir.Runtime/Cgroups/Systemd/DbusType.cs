using System;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>Signatures: where a type ends and how it is aligned (D-Bus specification, "Marshaling").</summary>
internal static class DbusType
{
    /// <summary>The alignment in bytes of a value whose signature starts with this character; 0 for no type.</summary>
    public static int Alignment(char type) => type switch
    {
        'y' or 'g' or 'v' => 1,
        'n' or 'q' => 2,
        'b' or 'i' or 'u' or 'h' or 's' or 'o' or 'a' => 4,
        'x' or 't' or 'd' or '(' or '{' => 8,
        _ => 0,
    };

    /// <summary>The size in bytes of a number of this type; 0 for any other type.</summary>
    public static int SizeOfNumber(char type) => type switch
    {
        'y' => 1,
        'n' or 'q' => 2,
        'b' or 'i' or 'u' or 'h' => 4,
        'x' or 't' or 'd' => 8,
        _ => 0,
    };

    /// <summary>The length of the first single complete type of a signature; -1 when there is none.</summary>
    public static int Length(ReadOnlySpan<char> signature, int depth = 0)
    {
        const int MaxDepth = 32;
        if (signature.IsEmpty || depth > MaxDepth || Alignment(signature[0]) == 0)
        {
            return -1;
        }

        if (signature[0] == 'a')
        {
            int element = Length(signature[1..], depth + 1);
            return element < 0 ? -1 : element + 1;
        }

        if (signature[0] is not ('(' or '{'))
        {
            return 1;
        }

        char end = signature[0] == '(' ? ')' : '}';
        int length = 1;
        while (length < signature.Length && signature[length] != end)
        {
            int member = Length(signature[length..], depth + 1);
            if (member < 0)
            {
                return -1;
            }

            length += member;
        }

        return length < signature.Length && length > 1 ? length + 1 : -1; // no empty struct: it would take no bytes
    }
}
