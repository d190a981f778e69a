#include "mapped-memory.h"

#include <sys/mman.h>
#include <sys/shm.h>

#include <cerrno>

namespace hugepool {

MappedMemory::MappedMemory(void* address, const MemoryRequest& request, Kind kind)
    : address_(static_cast<std::byte*>(address)),
      bytes_(request.bytes),
      page_size_(request.page_size),
      forks_(request.forks),
      kind_(kind) {
  // A child would share private pages between fork and exec. A page that is touched meanwhile is
  // copied, and the copy takes one more page of the pool, or raises SIGBUS.
  if (!forks_) madvise(address, bytes_, MADV_DONTFORK);
}

MappedMemory::~MappedMemory() { Release(); }

int MappedMemory::Release() {
  const std::lock_guard lock(mutex_);
  if (released_) return 0;
  released_ = true;
  const int answer = kind_ == Kind::kSegment ? shmdt(address_) : munmap(address_, bytes_);
  return answer == 0 ? 0 : errno;
}

NewMemory MapMemory(const MemoryRequest& request) {
  unsigned int flags = request.shared ? MAP_SHARED : MAP_PRIVATE;
  if (request.populate) flags |= MAP_POPULATE;
  if (request.noreserve) flags |= MAP_NORESERVE;
  if (request.descriptor < 0) flags |= MAP_ANONYMOUS | MAP_HUGETLB | SizeFlag(request.page_size);
  void* address = mmap(nullptr, request.bytes, PROT_READ | PROT_WRITE, static_cast<int>(flags),
                       request.descriptor, static_cast<off_t>(request.offset));
  if (address == MAP_FAILED) return {nullptr, {errno, "mmap"}};
  return {std::make_shared<MappedMemory>(address, request, MappedMemory::Kind::kMapping), {}};
}

}  // namespace hugepool
