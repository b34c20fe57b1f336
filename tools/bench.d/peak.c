/* Runs a command, and prints its peak of memory in KiB. What a large process starts counts that one's pages as well. */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct rusage usage;
	pid_t child = argc > 1 ? fork() : -1;
	if (child == 0) {
		dup2(open("/dev/null", O_RDWR), 1);
		execv(argv[1], argv + 1);
		_exit(255);
	}
	if (child == -1 || wait4(child, NULL, 0, &usage) == -1)
		return 1;
	printf("%ld\n", usage.ru_maxrss);
	return 0;
}
