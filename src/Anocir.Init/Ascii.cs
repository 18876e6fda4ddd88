namespace Anocir.Init;

/// <summary>Bytes and numbers as text.</summary>
internal static unsafe class Ascii
{
    /// <summary>Length of a NUL-terminated string.</summary>
    public static int Length(byte* text)
    {
        int length = 0;
        while (text[length] != 0)
        {
            length++;
        }

        return length;
    }

    /// <summary>Copies <paramref name="count"/> bytes, lowest address first.</summary>
    public static void Copy(byte* to, byte* from, int count)
    {
        for (int i = 0; i < count; i++)
        {
            to[i] = from[i];
        }
    }

    /// <summary>Whether two NUL-terminated strings are equal.</summary>
    public static bool Equal(byte* a, byte* b)
    {
        while (*a == *b && *a != 0)
        {
            a++;
            b++;
        }

        return *a == *b;
    }

    /// <summary>A non-negative decimal number that fills the whole string, else -1.</summary>
    public static int ParseInt(byte* text)
    {
        const int LargestBeforeDigit = (int.MaxValue / 10) - 1;
        if (*text == 0)
        {
            return -1;
        }

        int value = 0;
        for (; *text != 0; text++)
        {
            if (*text is < (byte)'0' or > (byte)'9' || value > LargestBeforeDigit)
            {
                return -1;
            }

            value = (value * 10) + (*text - '0');
        }

        return value;
    }

    /// <summary>Writes a number in decimal, or octal with base 8, and a NUL. Needs 24 bytes. Returns the digits written.</summary>
    public static int Format(byte* to, uint value, uint numberBase = 10)
    {
        byte* digits = stackalloc byte[24];
        int count = 0;
        do
        {
            digits[count++] = (byte)('0' + (value % numberBase));
            value /= numberBase;
        }
        while (value != 0);
        for (int i = 0; i < count; i++)
        {
            to[i] = digits[count - 1 - i];
        }

        to[count] = 0;
        return count;
    }

    /// <summary>Writes "/proc/self/fd/N" and a NUL. Needs 40 bytes.</summary>
    public static void FdPath(byte* to, int fd)
    {
        const int PrefixLength = 14;
        fixed (byte* prefix = "/proc/self/fd/"u8)
        {
            Copy(to, prefix, PrefixLength);
        }

        Format(to + PrefixLength, (uint)fd);
    }
}
