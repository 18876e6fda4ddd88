namespace Anocir.Linux;

/// <summary>struct linux_dirent64 of getdents64(2): where its fields are. The name ends with NUL.</summary>
public static class Dirent64
{
    /// <summary>Offset of d_reclen, 16 bits: the length of the record.</summary>
    public const int LengthOffset = 16;

    /// <summary>Offset of d_type, one byte.</summary>
    public const int TypeOffset = 18;

    /// <summary>Offset of d_name.</summary>
    public const int NameOffset = 19;

    /// <summary>DT_UNKNOWN: the file system does not tell types here.</summary>
    public const byte UnknownType = 0;

    /// <summary>DT_DIR.</summary>
    public const byte DirectoryType = 4;
}
