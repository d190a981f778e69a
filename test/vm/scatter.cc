// Breaks up the free memory of a node, for guests in which huge pages fall short:
//   scatter NODE LEAVE [locked]
// takes all of its free memory but LEAVE MiB, gives back seven pages of eight, prints `ready` and
// keeps the eighth until it is killed. Compaction can move the kept pages, unless they are locked
// and vm.compact_unevictable_allowed is 0.

#include <linux/mempolicy.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kRun = 8 * kPage;
// What is taken before the free memory is read again.
constexpr std::size_t kChunk = std::size_t{8} << 20;

std::size_t FreeBytes(int node) {
  const std::string path = "/sys/devices/system/node/node" + std::to_string(node) + "/meminfo";
  std::FILE* file = std::fopen(path.c_str(), "r");
  if (file == nullptr) return 0;
  std::size_t kib = 0;
  char line[256];
  while (std::fgets(line, sizeof line, file) != nullptr) {
    const char* value = std::strstr(line, "MemFree:");
    if (value != nullptr) kib = std::strtoul(value + std::strlen("MemFree:"), nullptr, 10);
  }
  std::fclose(file);
  return kib * 1024;
}

// Transparent huge pages would come back whole.
bool TakeSmallPagesOf(int node) {
  const unsigned long mask = 1UL << node;
  return prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) == 0 &&
         syscall(SYS_set_mempolicy, MPOL_BIND, &mask, sizeof mask * 8) == 0;
}

bool Fill(int node, std::size_t leave, std::vector<char*>* chunks) {
  while (FreeBytes(node) > leave + kChunk) {
    void* chunk = mmap(nullptr, kChunk, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (chunk == MAP_FAILED) return false;
    chunks->push_back(static_cast<char*>(chunk));
  }
  return true;
}

bool Thin(char* chunk, bool locked) {
  for (std::size_t at = 0; at < kChunk; at += kRun)
    if (madvise(chunk + at + kPage, kRun - kPage, MADV_DONTNEED) != 0) return false;
  return !locked || mlock2(chunk, kChunk, MLOCK_ONFAULT) == 0;
}

bool Scatter(int node, std::size_t leave, bool locked) {
  std::vector<char*> chunks;
  if (!TakeSmallPagesOf(node) || !Fill(node, leave, &chunks)) return false;
  for (char* chunk : chunks)
    if (!Thin(chunk, locked)) return false;
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("scatter: NODE LEAVE [locked]\n", stderr);
    return 2;
  }
  const std::size_t leave = std::strtoul(argv[2], nullptr, 10) << 20;
  const bool locked = argc > 3 && std::strcmp(argv[3], "locked") == 0;
  if (!Scatter(std::atoi(argv[1]), leave, locked)) {
    std::perror("scatter");
    return 1;
  }
  std::puts("ready");
  std::fflush(stdout);
  for (;;) pause();
}
