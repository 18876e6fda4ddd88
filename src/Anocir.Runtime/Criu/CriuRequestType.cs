namespace Anocir.Runtime.Criu;

/// <summary>enum criu_req_type of CRIU's images/rpc.proto; answers repeat the type of their request.</summary>
internal enum CriuRequestType
{
    /// <summary>Saves processes, and ends them unless told to leave them running.</summary>
    Dump = 1,

    /// <summary>Makes processes from what was saved.</summary>
    Restore = 2,

    /// <summary>Saves memory only, and lets the processes go on.</summary>
    PreDump = 4,

    /// <summary>From CRIU: something happened that the caller may act on. To CRIU: that has been done.</summary>
    Notify = 6,

    /// <summary>Asks whether CRIU and the kernel can do something.</summary>
    FeatureCheck = 9,

    /// <summary>Asks for CRIU's version.</summary>
    Version = 10,
}
