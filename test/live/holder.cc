// Holds huge pages for the live tests:
//   holder SIZE_SHIFT PAGES TOUCH [private|shared] [noreserve] [populate] [crowded] [file=PATH]
//     [root=DIR]
// maps PAGES of 2^SIZE_SHIFT bytes, writes to the first TOUCH of them and prints `ready`. Every
// line on stdin touches one page more, answered by `touched`; the end of stdin ends it. A file of a
// hugetlbfs is made, mapped and closed; DIR becomes its root. Crowded, it makes as many mappings as
// the kernel lets it have.

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

// MAP_HUGE_SHIFT of include/uapi/linux/mman.h: the page size is its logarithm, from this bit on.
constexpr int kHugeShift = 26;

struct Request {
  int shift = 0;
  std::size_t pages = 0;
  std::size_t touch = 0;
  int flags = MAP_PRIVATE;
  const char* file = nullptr;
  const char* root = nullptr;
  bool crowded = false;
};

bool Parse(int argc, char** argv, Request* request) {
  if (argc < 4) return false;
  request->shift = std::atoi(argv[1]);
  request->pages = std::strtoul(argv[2], nullptr, 10);
  request->touch = std::strtoul(argv[3], nullptr, 10);
  for (int i = 4; i < argc; i++) {
    if (std::strcmp(argv[i], "shared") == 0) {
      request->flags = (request->flags & ~MAP_PRIVATE) | MAP_SHARED;
    } else if (std::strcmp(argv[i], "noreserve") == 0) {
      request->flags |= MAP_NORESERVE;
    } else if (std::strcmp(argv[i], "populate") == 0) {
      request->flags |= MAP_POPULATE;
    } else if (std::strcmp(argv[i], "crowded") == 0) {
      request->crowded = true;
    } else if (std::strncmp(argv[i], "file=", 5) == 0) {
      request->file = argv[i] + 5;
    } else if (std::strncmp(argv[i], "root=", 5) == 0) {
      request->root = argv[i] + 5;
    } else if (std::strcmp(argv[i], "private") != 0) {
      return false;
    }
  }
  return request->shift > 0 && request->pages > 0 && request->touch <= request->pages;
}

// MAP_FAILED where the file cannot be made or mapped.
void* Map(const Request& request) {
  const std::size_t size = request.pages << request.shift;
  const int protection = PROT_READ | PROT_WRITE;
  if (request.file == nullptr) {
    const int flags = request.flags | MAP_ANONYMOUS | MAP_HUGETLB | (request.shift << kHugeShift);
    return mmap(nullptr, size, protection, flags, -1, 0);
  }
  const int fd = open(request.file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return MAP_FAILED;
  void* area = mmap(nullptr, size, protection, request.flags, fd, 0);
  close(fd);
  return area;
}

// Each second page of an area gets a protection of its own, which parts it (vm.max_map_count).
bool Crowd() {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  constexpr std::size_t kMost = 200000;
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  void* area = mmap(nullptr, kMost * page, PROT_NONE, flags, -1, 0);
  if (area == MAP_FAILED) return true;
  for (std::size_t at = 1; at < kMost; at += 2)
    if (mprotect(static_cast<char*>(area) + at * page, page, PROT_READ) != 0) return true;
  return false;
}

void Say(const char* word) {
  std::puts(word);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  Request request;
  if (!Parse(argc, argv, &request)) {
    std::fputs(
        "holder: SIZE_SHIFT PAGES TOUCH [private|shared] [noreserve] [populate] [crowded] "
        "[file=PATH] [root=DIR]\n",
        stderr);
    return 2;
  }
  const std::size_t size = std::size_t{1} << request.shift;
  void* area = Map(request);
  if (area == MAP_FAILED) {
    std::fprintf(stderr, "holder: mmap: %s\n", std::strerror(errno));
    return 1;
  }
  if (request.root != nullptr && chroot(request.root) != 0) {
    std::fprintf(stderr, "holder: chroot: %s\n", std::strerror(errno));
    return 1;
  }
  if (request.crowded && !Crowd()) {
    std::fputs("holder: crowded: the kernel lets it have more\n", stderr);
    return 1;
  }
  auto* bytes = static_cast<volatile char*>(area);
  std::size_t touched = 0;
  while (touched < request.touch) bytes[size * touched++] = 1;
  Say("ready");
  for (int c = std::getchar(); c != EOF; c = std::getchar()) {
    if (c != '\n' || touched == request.pages) continue;
    bytes[size * touched++] = 1;
    Say("touched");
  }
  return 0;
}
