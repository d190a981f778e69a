// Gives buffers of huge pages to the module hpage_pin, for the live tests:
//   pinner pin SIZE_SHIFT PAGES WHAT
// maps PAGES of 2^SIZE_SHIFT bytes, has them pinned and prints what the driver answers, as JSON:
// the id, the number of runs, and the frame of each page as the driver saw it. WHAT is `anon` for
// private pages, `memfd`, or the path of a file or device. A line on stdin has it unmap them,
// answered by `unmapped`; the end of stdin ends it. What is pinned stays so, until
//   pinner release ID
// (0 releases all there is).

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "modules/hpage_pin.h"

namespace {

constexpr std::size_t kBasePage = 4096;
// MAP_HUGE_SHIFT of include/uapi/linux/mman.h, which is that of memfd_create(2) as well.
constexpr int kHugeShift = 26;

int Fail(const char* call) {
  std::fprintf(stderr, "pinner: %s: %s\n", call, std::strerror(errno));
  return 1;
}

void* Map(int shift, std::size_t bytes, const char* what) {
  const int protection = PROT_READ | PROT_WRITE;
  const int size = shift << kHugeShift;
  if (std::strcmp(what, "anon") == 0) {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | size;
    return mmap(nullptr, bytes, protection, flags, -1, 0);
  }
  const int fd = std::strcmp(what, "memfd") == 0
                     ? memfd_create("pinner", MFD_CLOEXEC | MFD_HUGETLB | size)
                     : open(what, O_RDWR | O_CLOEXEC);
  if (fd < 0) return MAP_FAILED;
  void* area = mmap(nullptr, bytes, protection, MAP_SHARED, fd, 0);
  close(fd);
  return area;
}

// Whether the base pages of a huge page follow each other, as those of one do.
bool IsWhole(const std::vector<std::uint64_t>& frames, std::size_t from, std::size_t count) {
  for (std::size_t i = 1; i < count; i++)
    if (frames[from + i] != frames[from] + i) return false;
  return true;
}

// False where the driver saw something else than huge pages.
bool Print(const hpage_pin& answer, const std::vector<std::uint64_t>& frames, std::size_t each) {
  std::printf("{\"id\":%u,\"runs\":%u,\"frames\":[", answer.id, answer.runs);
  for (std::size_t from = 0; from < frames.size(); from += each) {
    if (!IsWhole(frames, from, each)) return false;
    std::printf("%s%llu", from == 0 ? "" : ",", static_cast<unsigned long long>(frames[from]));
  }
  std::puts("]}");
  std::fflush(stdout);
  return true;
}

int Pin(int device, int shift, std::size_t pages, const char* what) {
  const std::size_t bytes = pages << shift;
  void* area = Map(shift, bytes, what);
  if (area == MAP_FAILED) return Fail(what);
  std::vector<std::uint64_t> frames(bytes / kBasePage);
  hpage_pin request = {};
  request.address = reinterpret_cast<std::uintptr_t>(area);
  request.bytes = bytes;
  request.frames = reinterpret_cast<std::uintptr_t>(frames.data());
  if (ioctl(device, HPAGE_PIN, &request) != 0) return Fail("pin");
  close(device);
  if (!Print(request, frames, (std::size_t{1} << shift) / kBasePage)) {
    std::fputs("pinner: the frames of a page do not follow each other\n", stderr);
    return 1;
  }
  if (std::getchar() == EOF) return 0;
  if (munmap(area, bytes) != 0) return Fail("munmap");
  std::puts("unmapped");
  std::fflush(stdout);
  while (std::getchar() != EOF) continue;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const bool pins = argc == 5 && std::strcmp(argv[1], "pin") == 0;
  if (!pins && !(argc == 3 && std::strcmp(argv[1], "release") == 0)) {
    std::fputs("pinner: pin SIZE_SHIFT PAGES WHAT | release ID\n", stderr);
    return 2;
  }
  const int device = open("/dev/hpage_pin", O_RDWR | O_CLOEXEC);
  if (device < 0) return Fail("/dev/hpage_pin");
  if (pins) return Pin(device, std::atoi(argv[2]), std::strtoul(argv[3], nullptr, 10), argv[4]);
  return ioctl(device, HPAGE_UNPIN, std::strtoul(argv[2], nullptr, 10)) == 0 ? 0 : Fail("release");
}
