/* What a container's program sees of itself, and small things it does: every word is a report or an action, done in order.
 * Reports print NAME<TAB>VALUE lines (\n, \t and \\ escaped). Static, no library beyond libc, so that it runs in an empty root. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static char **all_args;

static const char *error_name(void)
{
	static char other[16];
	switch (errno) {
#define NAME(e) case e: return #e
		NAME(EPERM); NAME(ENOENT); NAME(ESRCH); NAME(EINTR); NAME(EIO); NAME(ENXIO); NAME(E2BIG); NAME(EBADF); NAME(EAGAIN);
		NAME(ENOMEM); NAME(EACCES); NAME(EFAULT); NAME(ENOTBLK); NAME(EBUSY); NAME(EEXIST); NAME(EXDEV); NAME(ENODEV); NAME(ENOTDIR);
		NAME(EISDIR); NAME(EINVAL); NAME(EMFILE); NAME(ENOTTY); NAME(ETXTBSY); NAME(EFBIG); NAME(ENOSPC); NAME(EROFS); NAME(EPIPE);
		NAME(ENOSYS); NAME(ELOOP); NAME(ENOTEMPTY); NAME(EOPNOTSUPP); NAME(EOVERFLOW); NAME(ENOKEY); NAME(EKEYREVOKED);
	}
	snprintf(other, sizeof other, "E%d", errno);
	return other;
}

static void out(const char *name, const char *value)
{
	printf("%s\t", name);
	for (const char *c = value; *c; c++) {
		if (*c == '\n')
			fputs("\\n", stdout);
		else if (*c == '\t')
			fputs("\\t", stdout);
		else if (*c == '\\')
			fputs("\\\\", stdout);
		else
			putchar(*c);
	}
	putchar('\n');
}

static void num(const char *name, long long value)
{
	printf("%s\t%lld\n", name, value);
}

static void hex(const char *name, unsigned long long value)
{
	printf("%s\t%016llx\n", name, value);
}

static void line_file(const char *name, const char *path)
{
	FILE *f = fopen(path, "re");
	char line[8192];
	if (!f) {
		printf("%s\t!%s\n", name, error_name());
		return;
	}
	while (fgets(line, sizeof line, f)) {
		line[strcspn(line, "\n")] = 0;
		out(name, line);
	}
	fclose(f);
}

static void link_of(const char *name, const char *path)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof target - 1);
	if (n < 0) {
		printf("%s\t!%s\n", name, error_name());
		return;
	}
	target[n] = 0;
	out(name, target);
}

static void ids(void)
{
	uid_t r, e, s;
	gid_t g[1024];
	getresuid(&r, &e, &s);
	printf("uid\t%u %u %u %d\n", r, e, s, (int)syscall(SYS_setfsuid, -1));
	getresgid(&r, &e, &s);
	printf("gid\t%u %u %u %d\n", r, e, s, (int)syscall(SYS_setfsgid, -1));
	int n = getgroups(1024, g);
	printf("groups\t");
	for (int i = 0; i < n; i++)
		printf(i ? " %u" : "%u", g[i]);
	putchar('\n');
}

static void caps(void)
{
	struct { uint32_t version; int pid; } header = { 0x20080522, 0 };
	struct { uint32_t effective, permitted, inheritable; } data[2] = { { 0 } };
	syscall(SYS_capget, &header, data);
	hex("cap-inheritable", data[0].inheritable | (unsigned long long)data[1].inheritable << 32);
	hex("cap-permitted", data[0].permitted | (unsigned long long)data[1].permitted << 32);
	hex("cap-effective", data[0].effective | (unsigned long long)data[1].effective << 32);
	unsigned long long bounding = 0, ambient = 0;
	for (int i = 0; i < 64; i++) {
		if (prctl(PR_CAPBSET_READ, i) == 1)
			bounding |= 1ULL << i;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0, 0) == 1)
			ambient |= 1ULL << i;
	}
	hex("cap-bounding", bounding);
	hex("cap-ambient", ambient);
}

static void signals(void)
{
	unsigned long long ignored = 0, blocked = 0, caught = 0, mask = 0;
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, 8);
	blocked = mask;
	for (int i = 1; i <= 64; i++) {
		struct { void *handler; unsigned long flags; void *restorer; unsigned long mask; } action = { 0 };
		syscall(SYS_rt_sigaction, i, NULL, &action, 8);
		if (action.handler == (void *)1)
			ignored |= 1ULL << (i - 1);
		else if (action.handler)
			caught |= 1ULL << (i - 1);
	}
	hex("sig-ignored", ignored);
	hex("sig-blocked", blocked);
	hex("sig-caught", caught);
	num("pdeathsig", ({ int s = -1; prctl(PR_GET_PDEATHSIG, &s); s; }));
}

static void fds(void)
{
	for (int fd = 0; fd < 4096; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			continue;
		char path[64], target[PATH_MAX];
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		ssize_t n = readlink(path, target, sizeof target - 1);
		target[n < 0 ? 0 : n] = 0;
		struct stat st;
		fstat(fd, &st);
		printf("fd\t%d %s %o %llu:%llu\n", fd, n < 0 ? "?" : target, st.st_mode & S_IFMT, (unsigned long long)st.st_dev,
		       (unsigned long long)st.st_ino);
	}
}

static void limits(void)
{
	static const char *const names[] = { "CPU", "FSIZE", "DATA", "STACK", "CORE", "RSS", "NPROC", "NOFILE", "MEMLOCK", "AS", "LOCKS",
					     "SIGPENDING", "MSGQUEUE", "NICE", "RTPRIO", "RTTIME" };
	for (int i = 0; i < 16; i++) {
		struct rlimit limit;
		getrlimit(i, &limit);
		printf("rlimit\t%s %llu %llu\n", names[i], (unsigned long long)limit.rlim_cur, (unsigned long long)limit.rlim_max);
	}
}

static void namespaces(void)
{
	static const char *const names[] = { "cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts" };
	for (int i = 0; i < 8; i++) {
		char path[64], name[16];
		snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
		snprintf(name, sizeof name, "ns-%s", names[i]);
		link_of(name, path);
	}
}

static void process(void)
{
	char comm[17] = "";
	prctl(PR_GET_NAME, comm);
	printf("pid\t%d\nppid\t%d\npgid\t%d\nsid\t%d\n", getpid(), getppid(), getpgrp(), getsid(0));
	out("comm", comm);
	num("nnp", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	num("dumpable", prctl(PR_GET_DUMPABLE));
	num("seccomp", prctl(PR_GET_SECCOMP));
	num("keepcaps", prctl(PR_GET_KEEPCAPS));
	num("securebits", prctl(PR_GET_SECUREBITS));
	num("timerslack", prctl(PR_GET_TIMERSLACK));
	num("subreaper", ({ int s = -1; prctl(PR_GET_CHILD_SUBREAPER, &s); s; }));
	printf("personality\t%x\n", personality(0xffffffff));
	mode_t mask = umask(0);
	umask(mask);
	printf("umask\t%04o\n", mask);
	char cwd[PATH_MAX];
	out("cwd", getcwd(cwd, sizeof cwd) ? cwd : error_name());
	num("scheduler", sched_getscheduler(0));
	errno = 0;
	num("nice", getpriority(PRIO_PROCESS, 0));
	num("ioprio", syscall(SYS_ioprio_get, 1, 0));
	cpu_set_t set;
	CPU_ZERO(&set);
	sched_getaffinity(0, sizeof set, &set);
	num("cpus", CPU_COUNT(&set));
	line_file("oom_score_adj", "/proc/self/oom_score_adj");
}

static void tty(void)
{
	for (int fd = 0; fd < 3; fd++) {
		char name[32], where[PATH_MAX];
		snprintf(name, sizeof name, "tty%d", fd);
		out(name, isatty(fd) && ttyname_r(fd, where, sizeof where) == 0 ? where : isatty(fd) ? "?" : "no");
	}
	struct winsize size;
	if (ioctl(0, TIOCGWINSZ, &size) == 0)
		printf("winsize\t%d %d\n", size.ws_row, size.ws_col);
	struct termios mode;
	if (tcgetattr(0, &mode) == 0)
		printf("termios\t%x %x %x\n", mode.c_iflag, mode.c_oflag, mode.c_lflag);
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	out("dev-tty", fd >= 0 ? "open" : error_name());
	if (fd >= 0)
		close(fd);
	num("foreground", tcgetpgrp(0));
}

static void clocks(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	num("monotonic", t.tv_sec);
	clock_gettime(CLOCK_BOOTTIME, &t);
	num("boottime", t.tv_sec);
	clock_gettime(CLOCK_REALTIME, &t);
	num("realtime", t.tv_sec);
}

static void uts(void)
{
	struct utsname u;
	uname(&u);
	out("hostname", u.nodename);
	out("domainname", u.domainname);
	out("machine", u.machine);
}

static void keyring(void)
{
	char text[256] = "";
	long id = syscall(SYS_keyctl, 0 /* GET_KEYRING_ID */, -3 /* session */, 0);
	num("session-keyring", id);
	long n = syscall(SYS_keyctl, 6 /* DESCRIBE */, id, text, sizeof text);
	out("session-keyring-is", n > 0 ? text : error_name());
}

static void stat_of(const char *path)
{
	struct stat st;
	if (lstat(path, &st) < 0) {
		printf("stat\t%s !%s\n", path, error_name());
		return;
	}
	const char *type = S_ISREG(st.st_mode) ? "file" : S_ISDIR(st.st_mode) ? "dir" : S_ISLNK(st.st_mode) ? "link"
			 : S_ISCHR(st.st_mode) ? "char" : S_ISBLK(st.st_mode) ? "block" : S_ISFIFO(st.st_mode) ? "fifo" : "socket";
	printf("stat\t%s %s %04o %u %u %u:%u %u:%u %lld\n", path, type, st.st_mode & 07777, st.st_uid, st.st_gid, major(st.st_rdev),
	       minor(st.st_rdev), major(st.st_dev), minor(st.st_dev), (long long)st.st_size);
}

/* open PATH FLAGS: r, w (no truncation), c (create). Prints ok or the errno. */
static void open_of(const char *path, const char *how)
{
	int flags = *how == 'w' ? O_WRONLY : *how == 'c' ? O_WRONLY | O_CREAT : O_RDONLY;
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0644);
	printf("open\t%s %s %s\n", path, how, fd >= 0 ? "ok" : error_name());
	if (fd >= 0)
		close(fd);
}

static void write_of(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	const char *how = fd < 0 || write(fd, text, strlen(text)) < 0 ? error_name() : "ok";
	printf("write\t%s %s\n", path, how);
	if (fd >= 0)
		close(fd);
}

/* mknod PATH TYPE MAJOR:MINOR, TYPE one of c b p */
static void mknod_of(const char *path, const char *type, const char *numbers)
{
	const char *colon = strchr(numbers, ':');
	mode_t kind = *type == 'c' ? S_IFCHR : *type == 'b' ? S_IFBLK : S_IFIFO;
	dev_t device = colon ? makedev(atoi(numbers), atoi(colon + 1)) : 0;
	printf("mknod\t%s %s\n", path, mknod(path, kind | 0666, device) < 0 ? error_name() : "ok");
}

/* A new pseudo terminal from /dev/ptmx: what its other end is. */
static void pty(void)
{
	int fd = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC), number = -1;
	if (fd < 0 || unlockpt(fd) < 0 || ioctl(fd, TIOCGPTN, &number) < 0) {
		printf("stat\t/dev/ptmx !%s\n", error_name());
		return;
	}
	char path[32];
	snprintf(path, sizeof path, "/dev/pts/%d", number);
	stat_of(path);
	close(fd);
}

/* notify TEXT: one datagram to $NOTIFY_SOCKET, as sd_notify(3). */
static void notify(const char *text)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	snprintf(address.sun_path, sizeof address.sun_path, "%s", path ? path : "");
	long sent = sendto(fd, text, strlen(text), 0, (struct sockaddr *)&address, sizeof address);
	printf("notify\t%s\n", sent < 0 ? error_name() : "ok");
	close(fd);
}

/* syscall NUMBER:A:B:C: the result or the errno of a system call as it is, arguments in decimal, 0 when left out. */
static void raw_call(const char *numbers)
{
	long word[4] = { 0 };
	const char *at = numbers;
	for (int i = 0; i < 4 && at; i++, at = at ? at + 1 : at) {
		word[i] = strtol(at, NULL, 10);
		at = strchr(at, ':');
	}
	fflush(stdout);
	long result = syscall(word[0], word[1], word[2], word[3]);
	if (result < 0)
		printf("syscall\t%s %s\n", numbers, error_name());
	else
		printf("syscall\t%s %ld\n", numbers, result);
}

static void ready(void)
{
	puts("ready\t");
	fflush(stdout);
}

/* All signals blocked; prints each one that comes; the given one ends the program with 0. */
static void catch_until(int last)
{
	uint64_t all = ~0ULL; /* the system calls themselves: libc keeps a few real-time signals back */
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, &all, NULL, 8);
	ready();
	for (;;) {
		int got = syscall(SYS_rt_sigtimedwait, &all, NULL, NULL, 8);
		if (got < 0)
			continue;
		num("signal", got);
		if (got == SIGWINCH) {
			struct winsize size = { 0 };
			ioctl(0, TIOCGWINSZ, &size);
			printf("winsize\t%d %d\n", size.ws_row, size.ws_col);
		}
		fflush(stdout);
		if (got == last)
			exit(0);
	}
}

static void pause_forever(void)
{
	for (;;)
		pause();
}

static void fork_children(int n)
{
	fflush(stdout);
	for (int i = 0; i < n; i++) {
		pid_t pid = fork();
		if (pid == 0)
			pause_forever();
		num("child", pid);
	}
}

/* A grandchild in its own session, whose parent has ended. */
static void orphan(void)
{
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		setsid();
		if (fork() == 0)
			pause_forever();
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void copy_input(void)
{
	char buffer[4096];
	ssize_t n;
	fflush(stdout);
	while ((n = read(0, buffer, sizeof buffer)) > 0)
		if (write(1, buffer, n) != n)
			exit(1);
}

static uint64_t signal_list(const char *list)
{
	uint64_t mask = 0;
	for (char *end; *list; list = *end ? end + 1 : end)
		mask |= 1ULL << (strtol(list, &end, 10) - 1);
	return mask;
}

/* Outside a container: launch [ignore=N,N] [block=N,N] [umask=OCTAL] [cpu=N] [rlimit=N:SOFT] [dropcap=N] [pdeathsig=N] -- PROGRAM ARGS */
static int launch(char **args)
{
	for (; *args && strcmp(*args, "--"); args++) {
		char *value = strchr(*args, '=') + 1;
		if (!strncmp(*args, "ignore=", 7)) {
			uint64_t mask = signal_list(value);
			for (int i = 1; i <= 64; i++)
				if (mask & 1ULL << (i - 1)) {
					struct { void *h; unsigned long f; void *r; unsigned long m; } act = { (void *)1, 0, 0, 0 };
					syscall(SYS_rt_sigaction, i, &act, NULL, 8);
				}
		} else if (!strncmp(*args, "block=", 6)) {
			uint64_t mask = signal_list(value);
			syscall(SYS_rt_sigprocmask, SIG_BLOCK, &mask, NULL, 8);
		} else if (!strncmp(*args, "umask=", 6)) {
			umask(strtol(value, NULL, 8));
		} else if (!strncmp(*args, "cpu=", 4)) {
			cpu_set_t set;
			CPU_ZERO(&set);
			CPU_SET(atoi(value), &set);
			sched_setaffinity(0, sizeof set, &set);
		} else if (!strncmp(*args, "dropcap=", 8)) {
			prctl(PR_CAPBSET_DROP, atoi(value), 0, 0, 0);
		} else if (!strncmp(*args, "rlimit=", 7)) {
			char *soft = strchr(value, ':') + 1;
			struct rlimit limit;
			getrlimit(atoi(value), &limit);
			limit.rlim_cur = strtoull(soft, NULL, 10);
			setrlimit(atoi(value), &limit);
		} else if (!strncmp(*args, "pdeathsig=", 10)) {
			prctl(PR_SET_PDEATHSIG, atoi(value));
		}
	}
	execvp(args[1], args + 1);
	perror(args[1]);
	return 127;
}

/* Outside a container: exchanges two names for ever. */
static void exchange(const char *one, const char *other)
{
	while (syscall(SYS_renameat2, AT_FDCWD, one, AT_FDCWD, other, 2 /* RENAME_EXCHANGE */) == 0)
		;
	perror("renameat2");
	exit(1);
}

static void all_reports(void)
{
	ids();
	caps();
	signals();
	fds();
	limits();
	process();
	namespaces();
	uts();
	tty();
	keyring();
	line_file("cgroup", "/proc/self/cgroup");
	for (char **e = environ; *e; e++)
		out("env", *e);
	for (char **a = all_args; *a; a++)
		out("arg", *a);
}

int main(int argc, char **argv)
{
	all_args = argv;
	if (argc > 1 && !strcmp(argv[1], "launch"))
		return launch(argv + 2);
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i], *next = i + 1 < argc ? argv[i + 1] : "";
		if (!strcmp(word, "all")) all_reports();
		else if (!strcmp(word, "ids")) ids();
		else if (!strcmp(word, "caps")) caps();
		else if (!strcmp(word, "signals")) signals();
		else if (!strcmp(word, "fds")) fds();
		else if (!strcmp(word, "limits")) limits();
		else if (!strcmp(word, "process")) process();
		else if (!strcmp(word, "namespaces")) namespaces();
		else if (!strcmp(word, "uts")) uts();
		else if (!strcmp(word, "tty")) tty();
		else if (!strcmp(word, "clocks")) clocks();
		else if (!strcmp(word, "keyring")) keyring();
		else if (!strcmp(word, "mounts")) line_file("mount", "/proc/self/mountinfo");
		else if (!strcmp(word, "cgroup")) line_file("cgroup", "/proc/self/cgroup");
		else if (!strcmp(word, "status")) line_file("status", "/proc/self/status");
		else if (!strcmp(word, "env")) { for (char **e = environ; *e; e++) out("env", *e); }
		else if (!strcmp(word, "args")) { for (char **a = argv; *a; a++) out("arg", *a); }
		else if (!strcmp(word, "read")) { line_file(next, next); i++; }
		else if (!strcmp(word, "link")) { link_of(next, next); i++; }
		else if (!strcmp(word, "stat")) { stat_of(next); i++; }
		else if (!strcmp(word, "open") && i + 2 < argc) { open_of(next, argv[i + 2]); i += 2; }
		else if (!strcmp(word, "write") && i + 2 < argc) { write_of(next, argv[i + 2]); i += 2; }
		else if (!strcmp(word, "mknod") && i + 3 < argc) { mknod_of(next, argv[i + 2], argv[i + 3]); i += 3; }
		else if (!strcmp(word, "notify")) { notify(next); i++; }
		else if (!strcmp(word, "pty")) pty();
		else if (!strcmp(word, "syscall")) { raw_call(next); i++; }
		else if (!strcmp(word, "mount")) { printf("mount-tmpfs\t%s %s\n", next, mount("x", next, "tmpfs", 0, NULL) < 0 ? error_name() : "ok"); i++; }
		else if (!strcmp(word, "exchange") && i + 2 < argc) exchange(next, argv[i + 2]);
		else if (!strcmp(word, "print")) { out("print", next); i++; }
		else if (!strcmp(word, "error")) { fprintf(stderr, "%s\n", next); i++; }
		else if (!strcmp(word, "input")) copy_input();
		else if (!strcmp(word, "fork")) { fork_children(atoi(next)); i++; }
		else if (!strcmp(word, "orphan")) orphan();
		else if (!strcmp(word, "ready")) ready();
		else if (!strcmp(word, "catch")) { catch_until(atoi(next)); i++; }
		else if (!strcmp(word, "block")) { ready(); pause_forever(); }
		else if (!strcmp(word, "raise")) { fflush(stdout); kill(getpid(), atoi(next)); i++; }
		else if (!strcmp(word, "exit")) return atoi(next);
		else { fprintf(stderr, "probe: unknown word '%s'\n", word); return 125; }
		fflush(stdout);
	}
	return 0;
}
