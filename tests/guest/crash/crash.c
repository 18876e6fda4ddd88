/* Runs a program and, at the Nth system call that it and its descendants make together, kills one of them:
 *     crash N caller|program PROGRAM ARGS...     N = 0: count only
 * "caller" is the process that makes the call, "program" the first one. What else is there goes on untraced. The last line of standard
 * output is "calls COUNT ended|killed WHO STATUS", STATUS being the wait status of the program. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPTIONS (PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC)
#define MOST 4096

static struct { pid_t thread; int in_call; } threads[MOST];
static int thread_count;

static int *in_call(pid_t thread)
{
	for (int i = 0; i < thread_count; i++)
		if (threads[i].thread == thread)
			return &threads[i].in_call;
	if (thread_count == MOST)
		exit(125);
	threads[thread_count].thread = thread;
	threads[thread_count].in_call = 0;
	return &threads[thread_count++].in_call;
}

static pid_t process_of(pid_t thread)
{
	char path[64], line[256];
	pid_t process = thread;
	snprintf(path, sizeof path, "/proc/%d/status", thread);
	FILE *f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "Tgid: %d", &process) == 1)
			break;
	if (f)
		fclose(f);
	return process;
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return 125;
	long at = atol(argv[1]), calls = 0;
	int kill_program = !strcmp(argv[2], "program"), killed = 0, program_status = 0;
	char who[32] = "nobody";
	pid_t program = fork();
	if (program == 0) {
		raise(SIGSTOP);
		execv(argv[3], argv + 3);
		_exit(127);
	}
	int status;
	/* SEIZE: without the SIGSTOP of ATTACH, which would outlive this program in a process it had just begun to trace. */
	if (waitpid(program, &status, WUNTRACED) != program || ptrace(PTRACE_SEIZE, program, 0, OPTIONS) < 0)
		return 125;
	kill(program, SIGCONT);
	for (;;) {
		pid_t thread = waitpid(-1, &status, __WALL);
		if (thread < 0) {
			if (errno == EINTR)
				continue;
			break;
		}
		if (!WIFSTOPPED(status)) {
			if (thread == program) {
				program_status = status;
				break;
			}
			continue;
		}
		int signal = WSTOPSIG(status);
		long deliver = 0;
		if (signal == (SIGTRAP | 0x80)) {
			int *inside = in_call(thread);
			*inside = !*inside;
			if (*inside && ++calls == at) {
				pid_t victim = kill_program ? program : process_of(thread);
				snprintf(who, sizeof who, "%s", victim == program ? "program" : "descendant");
				killed = 1;
				kill(victim, SIGKILL);
			}
		} else if (status >> 16) {
			if (status >> 16 == PTRACE_EVENT_EXEC)
				*in_call(thread) = 1; /* the execve is still to return */
		} else {
			deliver = signal;
		}
		ptrace(killed ? PTRACE_CONT : PTRACE_SYSCALL, thread, 0, deliver);
	}
	printf("calls %ld %s %s %d\n", calls, killed ? "killed" : "ended", who, program_status);
	return 0; /* with the tracer gone the others go on by themselves */
}
