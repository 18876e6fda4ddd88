namespace Anocir.Runtime.SeccompFilters;

/// <summary>
/// System calls that the linked libseccomp may not know (2.5.4 ends at Linux 5.17, Debian 12's patched one at 6.7), with the numbers that
/// all architectures share (scripts/syscall.tbl of the kernel). Rules for those it does not know are put before the library's program.
/// </summary>
internal static class NewSystemCalls
{
    /// <summary>The number, or 0 for a name that is not in the table.</summary>
    /// <param name="name">The kernel's name.</param>
    /// <param name="onlyOn">The architecture that alone has the call, or 0: then the number is the one that all have in common.</param>
    public static uint Find(string name, out uint onlyOn)
    {
        (uint number, onlyOn) = name switch
        {
            "uretprobe" => (335u, SeccompArchitecture.X8664),
            "uprobe" => (336u, SeccompArchitecture.X8664),
            "riscv_hwprobe" => (258u, SeccompArchitecture.Riscv64),
            "riscv_flush_icache" => (259u, SeccompArchitecture.Riscv64),
            _ => (Common(name), 0u),
        };
        return number;
    }

    private static uint Common(string name) => name switch
    {
        "cachestat" => 451,
        "fchmodat2" => 452,
        "map_shadow_stack" => 453,
        "futex_wake" => 454,
        "futex_wait" => 455,
        "futex_requeue" => 456,
        "statmount" => 457,
        "listmount" => 458,
        "lsm_get_self_attr" => 459,
        "lsm_set_self_attr" => 460,
        "lsm_list_modules" => 461,
        "mseal" => 462,
        "setxattrat" => 463,
        "getxattrat" => 464,
        "listxattrat" => 465,
        "removexattrat" => 466,
        "open_tree_attr" => 467,
        "file_getattr" => 468,
        "file_setattr" => 469,
        "listns" => 470,
        "rseq_slice_yield" => 471,
        _ => 0,
    };
}
