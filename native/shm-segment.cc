#include "shm-segment.h"

#include <sys/shm.h>

#include <cerrno>

#include "guardian.h"

#ifndef SHM_HUGETLB
#define SHM_HUGETLB 04000
#endif
#ifndef SHM_NORESERVE
#define SHM_NORESERVE 010000
#endif

namespace hugepool {

NewMemory AttachSegment(const MemoryRequest& request) {
  unsigned int flags = 0600 | SHM_HUGETLB | SizeFlag(request.page_size);
  if (request.noreserve) flags |= SHM_NORESERVE;
  Guardian guardian(request.bytes, static_cast<int>(flags));
  if (guardian.failure()) return {nullptr, guardian.failure()};
  void* address = shmat(guardian.segment(), nullptr, 0);
  if (reinterpret_cast<std::intptr_t>(address) == -1) return {nullptr, {errno, "shmat"}};
  auto memory = std::make_shared<MappedMemory>(address, request, MappedMemory::Kind::kSegment);
  if (const Failure failure = guardian.Remove()) return {nullptr, failure};
  return {memory, {}};
}

}  // namespace hugepool
