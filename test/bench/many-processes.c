// Starts processes for the benchmark of who: many-processes SMALL ORDINARY HOLDERS. A small one has a
// few mappings; an ordinary one has 230 mappings, 35 descriptors and 8 MiB of small pages. The first
// HOLDERS of these have a page of 2M. It prints `ready` and ends all of them when stdin ends.

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void be_ordinary(void) {
  // Neighbours with other rights are not merged to one mapping.
  for (int i = 0; i < 230; i++)
    mmap(NULL, 4096, i % 2 ? PROT_READ : PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int i = 0; i < 35; i++) open("/dev/null", O_RDONLY);
  char *memory = mmap(NULL, 8 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory != MAP_FAILED) memset(memory, 1, 8 << 20);
}

static int hold(void) {
  char *page = mmap(NULL, 2 << 20, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | (21 << 26), -1, 0);
  if (page == MAP_FAILED) return 1;
  *page = 1;
  return 0;
}

static void start(int ordinary, int holds, int done) {
  if (fork() != 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (ordinary) be_ordinary();
  if (holds && hold() != 0) _exit(1);
  if (write(done, "x", 1) != 1) _exit(1);
  close(done);
  for (;;) pause();
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  const int small = atoi(argv[1]), ordinary = atoi(argv[2]), holders = atoi(argv[3]);
  int ends[2];
  if (pipe(ends) != 0) return 1;
  for (int i = 0; i < small + ordinary; i++) start(i >= small, i >= small && i < small + holders, ends[1]);
  close(ends[1]);
  char block[4096];
  for (int left = small + ordinary; left > 0;) {
    const ssize_t length = read(ends[0], block, sizeof block);
    if (length <= 0) return 1;
    left -= (int)length;
  }
  puts("ready");
  fflush(stdout);
  while (getchar() != EOF) {
  }
  signal(SIGTERM, SIG_IGN);
  kill(0, SIGTERM);
  return 0;
}
