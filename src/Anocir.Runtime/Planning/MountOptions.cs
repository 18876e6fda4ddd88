using System.Collections.Generic;
using Anocir.Plan;

namespace Anocir.Runtime.Planning;

/// <summary>
/// The options of one mount, sorted by what the kernel does with them: attributes of the mount, flags of the file system,
/// propagation, data for the file system, and the runtimes' own words (runtime-spec config.md "Mounts", mount(8)).
/// </summary>
public struct MountOptions
{
    /// <summary>MOUNT_ATTR_* bits to set and to clear on the mount itself.</summary>
    public uint Set, Clear;

    /// <summary>MOUNT_ATTR_* bits to set and to clear on the whole tree (the r* options).</summary>
    public uint RecursiveSet, RecursiveClear;

    /// <summary>MS_* propagation flags in the order given, each with or without MS_REC.</summary>
    public List<uint>? Propagation;

    /// <summary>What is not a known option: passed to the file system, in order.</summary>
    public List<string>? Data;

    /// <summary>MS_* flags of the superblock: MS_SYNCHRONOUS, MS_DIRSYNC, MS_MANDLOCK, MS_LAZYTIME, MS_I_VERSION, MS_SILENT.</summary>
    public uint SuperblockFlags;

    /// <summary><c>bind</c> or <c>rbind</c> was given.</summary>
    public bool Bind;

    /// <summary><c>rbind</c> was given: with the mounts below the source.</summary>
    public bool RecursiveBind;

    /// <summary><c>remount</c> was given.</summary>
    public bool Remount;

    /// <summary><c>tmpcopyup</c>: the tmpfs starts with the contents of what it covers.</summary>
    public bool TmpCopyUp;

    /// <summary><c>copy-symlink</c>: a source that is a symlink is made again at the destination, and nothing is mounted (crun).</summary>
    public bool CopySymlink;

    /// <summary><c>src-nofollow</c>: a source that is a symlink is mounted itself (crun).</summary>
    public bool SourceNoFollow;

    /// <summary><c>dest-nofollow</c>: a destination that is a symlink is mounted over itself (crun).</summary>
    public bool DestinationNoFollow;

    /// <summary><see cref="DestinationNoFollow"/> for a step that looks the destination up.</summary>
    public readonly StepFlags Follow => DestinationNoFollow ? StepFlags.NoFollowLast : StepFlags.None;

    /// <summary><c>idmap</c> or <c>ridmap</c>.</summary>
    public bool IdMap;

    /// <summary><c>ridmap</c>: the id mapping covers the whole tree.</summary>
    public bool RecursiveIdMap;

    /// <summary>What follows <c>idmap=</c> or <c>ridmap=</c> (<see cref="MountIdMaps"/>); null without.</summary>
    public string? IdMapText;

    /// <summary>Every option this runtime knows, for <c>features</c>; sorted.</summary>
    public static string Known =>
        "async atime bind copy-symlink defaults dest-nofollow dev diratime dirsync exec idmap iversion lazytime loud mand noatime nodev nodiratime noexec " +
        "noiversion nolazytime nomand norelatime nostrictatime nosuid nosymfollow private rasync ratime rbind rdev rdiratime rdirsync relatime " +
        "remount rexec ridmap rmand rnoatime rnodev rnodiratime rnoexec rnomand rnorelatime rnostrictatime rnosuid rnosymfollow ro rprivate " +
        "rrelatime rro rrw rshared rslave rstrictatime rsuid rsymfollow rsync runbindable rw shared silent slave src-nofollow strictatime suid " +
        "symfollow sync tmpcopyup unbindable";

    /// <summary>Sorts options; type <c>bind</c> alone does not imply the option (runc), the caller decides that.</summary>
    public static MountOptions Parse(string[] options)
    {
        MountOptions result = default;
        foreach (string option in options)
        {
            result.Add(option);
        }

        result.Set &= (result.Set & MountAttr.STRICTATIME) != 0 ? ~MountAttr.NOATIME : ~0u;
        return result;
    }

    private void Add(string option)
    {
        switch (option)
        {
            case "" or "defaults": break; // mount(2) passes over an empty one, and Podman writes it
            case "bind": Bind = true; break;
            case "rbind": Bind = RecursiveBind = true; break;
            case "remount": Remount = true; break;
            case "tmpcopyup": TmpCopyUp = true; break;
            case "idmap": IdMap = true; break;
            case "ridmap": IdMap = RecursiveIdMap = true; break;

            case "copy-symlink": CopySymlink = true; break;
            case "src-nofollow": SourceNoFollow = true; break;
            case "dest-nofollow": DestinationNoFollow = true; break;

            // These belong to the file system, so crun's words with r say the same.
            case "sync" or "rsync": SuperblockFlags |= MS.SYNCHRONOUS; break;
            case "async" or "rasync": SuperblockFlags &= ~MS.SYNCHRONOUS; break;
            case "dirsync" or "rdirsync": SuperblockFlags |= MS.DIRSYNC; break;
            case "mand" or "rmand": SuperblockFlags |= MS.MANDLOCK; break;
            case "nomand" or "rnomand": SuperblockFlags &= ~MS.MANDLOCK; break;
            case "lazytime": SuperblockFlags |= MS.LAZYTIME; break;
            case "nolazytime": SuperblockFlags &= ~MS.LAZYTIME; break;
            case "iversion": SuperblockFlags |= MS.I_VERSION; break;
            case "noiversion": SuperblockFlags &= ~MS.I_VERSION; break;
            case "silent": SuperblockFlags |= MS.SILENT; break;
            case "loud": SuperblockFlags &= ~MS.SILENT; break;

            case "noatime": AddAccessTime(MountAttr.NOATIME, 0); break;
            case "atime": AddAccessTime(0, MountAttr.NOATIME); break;
            case "strictatime": AddAccessTime(MountAttr.STRICTATIME, 0); break;
            case "nostrictatime": AddAccessTime(0, MountAttr.STRICTATIME); break;
            case "relatime" or "norelatime": AddAccessTime(0, 0); break;

            case "private": AddPropagation(MS.PRIVATE); break;
            case "rprivate": AddPropagation(MS.PRIVATE | MS.REC); break;
            case "shared": AddPropagation(MS.SHARED); break;
            case "rshared": AddPropagation(MS.SHARED | MS.REC); break;
            case "slave": AddPropagation(MS.SLAVE); break;
            case "rslave": AddPropagation(MS.SLAVE | MS.REC); break;
            case "unbindable": AddPropagation(MS.UNBINDABLE); break;
            case "runbindable": AddPropagation(MS.UNBINDABLE | MS.REC); break;

            default:
                if (option.StartsWith("idmap=", System.StringComparison.Ordinal) || option.StartsWith("ridmap=", System.StringComparison.Ordinal))
                {
                    IdMap = true;
                    RecursiveIdMap = option[0] == 'r';
                    IdMapText = option[(option.IndexOf('=', System.StringComparison.Ordinal) + 1)..];
                }
                else if (TryAttribute(option, out uint set, out uint clear))
                {
                    Apply(ref Set, ref Clear, set, clear);
                }
                else if (option.Length > 1 && option[0] == 'r' && TryAttribute(option[1..], out set, out clear))
                {
                    Apply(ref RecursiveSet, ref RecursiveClear, set, clear);
                }
                else
                {
                    (Data ??= []).Add(option);
                }

                break;
        }
    }

    // The access time is one field of three values: to set one, the whole field is cleared first (mount_setattr(2)).
    private static bool TryAttribute(string option, out uint set, out uint clear)
    {
        (set, clear) = option switch
        {
            "ro" => (MountAttr.RDONLY, 0u),
            "rw" => (0u, MountAttr.RDONLY),
            "nosuid" => (MountAttr.NOSUID, 0u),
            "suid" => (0u, MountAttr.NOSUID),
            "nodev" => (MountAttr.NODEV, 0u),
            "dev" => (0u, MountAttr.NODEV),
            "noexec" => (MountAttr.NOEXEC, 0u),
            "exec" => (0u, MountAttr.NOEXEC),
            "nodiratime" => (MountAttr.NODIRATIME, 0u),
            "diratime" => (0u, MountAttr.NODIRATIME),
            "nosymfollow" => (MountAttr.NOSYMFOLLOW, 0u),
            "symfollow" => (0u, MountAttr.NOSYMFOLLOW),
            "noatime" => (MountAttr.NOATIME, MountAttr.ATIME_MASK),
            "strictatime" => (MountAttr.STRICTATIME, MountAttr.ATIME_MASK),
            "relatime" or "atime" or "norelatime" or "nostrictatime" => (0u, MountAttr.ATIME_MASK),
            _ => (0u, 0u),
        };
        return (set | clear) != 0;
    }

    // mount(2), whose flags these words are with runc and crun, lets strictatime win over noatime and noatime over relatime, in whatever
    // order they stand. A word takes back only its own flag; relatime is what is left.
    private void AddAccessTime(uint set, uint takenBack)
    {
        Set = (Set & ~takenBack) | set;
        Clear |= MountAttr.ATIME_MASK;
    }

    // A later option overrides an earlier one on the same bits.
    private static void Apply(ref uint totalSet, ref uint totalClear, uint set, uint clear)
    {
        totalSet = (totalSet & ~clear) | set;
        totalClear = (totalClear & ~(set & ~MountAttr.ATIME_MASK)) | clear;
    }

    private void AddPropagation(uint flags) => (Propagation ??= []).Add(flags);
}
