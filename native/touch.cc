#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "visit-kinds.h"

namespace hugepool {
namespace {

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

// Returns kNoFault where the kernel has brought the page before it heeded the interruption, else
// kInterrupted.
int Interrupted(std::byte* page) {
  unsigned char present = 0;
  const bool asked = mincore(page, static_cast<std::size_t>(sysconf(_SC_PAGESIZE)), &present) == 0;
  return asked && (present & 1) != 0 ? kNoFault : kInterrupted;
}

}  // namespace

Visit StoreVisit(std::shared_ptr<MappedMemory> memory) {
  return [memory = std::move(memory)](FaultGuard& guard, std::size_t number) {
    std::byte* page = memory->page(number);
    const int fault = guard.Try([page] {
      // An OR with 0 keeps what a file already holds.
      __atomic_fetch_or(reinterpret_cast<unsigned char*>(page), 0, __ATOMIC_RELAXED);
      return 0;
    });
    return fault == kInterrupted ? Interrupted(page) : fault;
  };
}

Visit PopulateVisit(std::shared_ptr<MappedMemory> memory) {
  return [memory = std::move(memory)](FaultGuard& guard, std::size_t number) {
    std::byte* page = memory->page(number);
    const std::size_t bytes = memory->page_size();
    const int fault = guard.Try(
        [page, bytes] { return madvise(page, bytes, MADV_POPULATE_WRITE) == 0 ? 0 : errno; });
    return fault == kInterrupted ? Interrupted(page) : fault;
  };
}

bool CanPopulate() {
  const auto bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
  void* page = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (page == MAP_FAILED) return false;
  const bool can = madvise(page, bytes, MADV_POPULATE_WRITE) == 0;
  munmap(page, bytes);
  return can;
}

}  // namespace hugepool
