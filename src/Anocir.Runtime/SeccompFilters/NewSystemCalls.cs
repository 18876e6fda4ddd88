namespace Anocir.Runtime.SeccompFilters;

/// <summary>
/// System calls that the linked libseccomp may not know (2.5.4 ends at Linux 5.17, Debian 12's patched one at 6.7), with the numbers that
/// all architectures share (scripts/syscall.tbl of the kernel). Rules for those it does not know are put before the library's program.
/// </summary>
internal static class NewSystemCalls
{
    /// <summary>The common number, or 0 for a name that is not in the table.</summary>
    public static uint Find(string name) => name switch
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
        _ => 0,
    };
}
