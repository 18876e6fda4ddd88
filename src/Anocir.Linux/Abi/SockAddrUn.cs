namespace Anocir.Linux;

/// <summary>struct sockaddr_un (sys/un.h): the family in 16 bits, then the path.</summary>
public static class SockAddrUn
{
    /// <summary>Offset of sun_path.</summary>
    public const int PathOffset = 2;

    /// <summary>Bytes that sun_path has room for.</summary>
    public const int PathMax = 108;
}
