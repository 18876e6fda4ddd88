namespace Anocir.Runtime.Tests.Spec;

/// <summary>A config.json with every property of the specification for Linux set to a value that is not its default.</summary>
internal static class FullConfig
{
    public const string Json = """
        {
          "ociVersion": "1.2.3",
          "root": { "path": "root fs", "readonly": true },
          "hostname": "höst",
          "domainname": "domain",
          "annotations": { "b.c": "2", "a": "", "é\n": "\u0001\ud83d\ude00" },
          "process": {
            "terminal": true,
            "consoleSize": { "height": 24, "width": 80 },
            "user": { "uid": 1, "gid": 2, "umask": 18, "additionalGids": [3, 7] },
            "args": ["sh", "-c", "a \"b\" \\ / \t"],
            "env": ["A=b", "C="],
            "cwd": "/tmp",
            "capabilities": {
              "bounding": ["CAP_KILL"], "effective": ["CAP_CHOWN"], "inheritable": [], "permitted": ["CAP_CHOWN", "CAP_KILL"],
              "ambient": ["CAP_MKNOD"]
            },
            "rlimits": [
              { "type": "RLIMIT_CORE", "hard": 18446744073709551615, "soft": 5 }, { "type": "RLIMIT_CPU", "hard": 2, "soft": 1 }
            ],
            "noNewPrivileges": true,
            "apparmorProfile": "apparmor",
            "selinuxLabel": "selinux",
            "oomScoreAdj": -500,
            "scheduler": {
              "policy": "SCHED_DEADLINE", "nice": -5, "priority": 7, "flags": ["SCHED_FLAG_RECLAIM"], "runtime": 1, "deadline": 2,
              "period": 3
            },
            "ioPriority": { "class": "IOPRIO_CLASS_BE", "priority": 4 },
            "execCPUAffinity": { "initial": "0-1", "final": "2" }
          },
          "mounts": [
            { "destination": "/proc", "type": "proc", "source": "proc" },
            {
              "destination": "/data", "type": "none", "source": "data", "options": ["rbind", "ro"],
              "uidMappings": [{ "containerID": 1, "hostID": 2, "size": 3 }], "gidMappings": [{ "containerID": 4, "hostID": 5, "size": 6 }]
            }
          ],
          "hooks": {
            "prestart": [{ "path": "/1", "args": ["1", "x"], "env": ["A=1"], "timeout": 5 }],
            "createRuntime": [{ "path": "/2" }, { "path": "/22" }],
            "createContainer": [{ "path": "/3" }],
            "startContainer": [{ "path": "/4" }],
            "poststart": [{ "path": "/5" }],
            "poststop": [{ "path": "/6" }]
          },
          "linux": {
            "namespaces": [
              { "type": "pid" }, { "type": "network", "path": "/ns" }, { "type": "mount" }, { "type": "ipc" }, { "type": "uts" },
              { "type": "user" }, { "type": "cgroup" }, { "type": "time" }
            ],
            "uidMappings": [{ "containerID": 0, "hostID": 1000, "size": 4294966295 }],
            "gidMappings": [{ "containerID": 0, "hostID": 1000, "size": 10 }, { "containerID": 10, "hostID": 5000, "size": 10 }],
            "timeOffsets": { "monotonic": { "secs": -5, "nanosecs": 6 }, "boottime": { "secs": 9223372036854775807 } },
            "devices": [
              { "path": "/dev/x", "type": "c", "major": 1, "minor": 2, "fileMode": 438, "uid": 3, "gid": 4 },
              { "path": "/dev/p", "type": "p" }
            ],
            "cgroupsPath": "/a/b",
            "sysctl": { "net.ipv4.ip_forward": "1", "kernel.sem": "1 2 3 4" },
            "rootfsPropagation": "slave",
            "maskedPaths": ["/proc/kcore"],
            "readonlyPaths": ["/proc/sys"],
            "mountLabel": "label",
            "personality": { "domain": "LINUX32", "flags": ["F"] },
            "intelRdt": {
              "closID": "c", "schemata": ["s"], "l3CacheSchema": "L3:0=f", "memBwSchema": "MB:0=10", "enableMonitoring": true
            },
            "memoryPolicy": { "mode": "MPOL_BIND", "nodes": "0-1", "flags": ["MPOL_F_STATIC_NODES"] },
            "netDevices": { "eth0": { "name": "e" }, "eth1": {} },
            "seccomp": {
              "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "architectures": ["SCMP_ARCH_X86_64"],
              "flags": ["SECCOMP_FILTER_FLAG_LOG"], "listenerPath": "/l", "listenerMetadata": "m",
              "syscalls": [
                {
                  "names": ["read", "write"], "action": "SCMP_ACT_ALLOW", "errnoRet": 1,
                  "args": [{ "index": 5, "value": 18446744073709551615, "valueTwo": 7, "op": "SCMP_CMP_MASKED_EQ" }]
                },
                { "names": ["mount"], "action": "SCMP_ACT_KILL" }
              ]
            },
            "resources": {
              "devices": [
                { "allow": true, "type": "c", "major": 10, "minor": -1, "access": "rw" }, { "allow": false, "access": "rwm" }
              ],
              "memory": {
                "limit": -1, "reservation": 2, "swap": 3, "kernel": 4, "kernelTCP": 5, "swappiness": 6, "disableOOMKiller": true,
                "useHierarchy": true, "checkBeforeUpdate": true
              },
              "cpu": {
                "shares": 1, "quota": -2, "burst": 3, "period": 4, "realtimeRuntime": 5, "realtimePeriod": 6, "cpus": "0", "mems": "1",
                "idle": 1
              },
              "pids": { "limit": 0 },
              "blockIO": {
                "weight": 10, "leafWeight": 65535, "weightDevice": [{ "major": 8, "minor": 0, "weight": 11, "leafWeight": 12 }],
                "throttleReadBpsDevice": [{ "major": 8, "minor": 1, "rate": 1 }],
                "throttleWriteBpsDevice": [{ "major": 8, "minor": 2, "rate": 2 }],
                "throttleReadIOPSDevice": [{ "major": 8, "minor": 3, "rate": 3 }],
                "throttleWriteIOPSDevice": [{ "major": 8, "minor": 4, "rate": 18446744073709551615 }]
              },
              "hugepageLimits": [{ "pageSize": "2MB", "limit": 5 }],
              "network": { "classID": 1, "priorities": [{ "name": "eth0", "priority": 2 }] },
              "rdma": { "mlx": { "hcaHandles": 1, "hcaObjects": 2 }, "mly": { "hcaObjects": 0 } },
              "unified": { "memory.max": "1", "cpu.max": "2" }
            }
          }
        }
        """;
}
