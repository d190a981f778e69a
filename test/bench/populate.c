// The least that a program can do to have huge pages: mmap(2) with MAP_POPULATE.
//   populate SIZE_SHIFT BYTES
// prints the seconds that the call took.

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_POPULATE | atoi(argv[1]) << 26;
  const double start = now();
  void* area = mmap(NULL, strtoull(argv[2], NULL, 10), PROT_READ | PROT_WRITE, flags, -1, 0);
  const double seconds = now() - start;
  if (area == MAP_FAILED) {
    perror("mmap");
    return 1;
  }
  printf("%.9f\n", seconds);
  return 0;
}
