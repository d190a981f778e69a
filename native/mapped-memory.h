#pragma once

#include <cstddef>
#include <memory>
#include <mutex>

#include "failure.h"

namespace hugepool {

struct MemoryRequest {
  std::size_t bytes = 0;      // whole pages
  std::size_t page_size = 0;  // a power of two
  int descriptor = -1;        // -1 for anonymous HugeTLB pages of page_size
  std::size_t offset = 0;     // into the file of the descriptor; whole pages
  bool shared = false;
  bool populate = false;
  bool noreserve = false;
  // Whether a child of fork(2) has the memory. It stands from the start: Linux 7.3 refuses
  // MADV_DOFORK of HugeTLB memory with EINVAL, which Linux 6.12 takes.
  bool forks = false;
};

// Memory of the process, which is given back with the last owner that can still touch it.
class MappedMemory {
 public:
  enum class Kind { kMapping, kSegment };

  MappedMemory(void* address, const MemoryRequest& request, Kind kind);
  ~MappedMemory();
  MappedMemory(const MappedMemory&) = delete;
  MappedMemory& operator=(const MappedMemory&) = delete;

  // Gives the memory back; returns 0 or an errno. Only the first call has an effect.
  int Release();

  std::byte* page(std::size_t number) const { return address_ + number * page_size_; }
  std::size_t page_size() const { return page_size_; }
  std::size_t pages() const { return bytes_ / page_size_; }
  bool forks() const { return forks_; }

 private:
  std::byte* const address_;
  const std::size_t bytes_;
  const std::size_t page_size_;
  const bool forks_;
  const Kind kind_;
  std::mutex mutex_;
  bool released_ = false;
};

// Exactly one of the two is set.
struct NewMemory {
  std::shared_ptr<MappedMemory> memory;
  Failure failure;
};

// Puts the logarithm of a page size where mmap, memfd_create and shmget expect it
// (HUGETLB_FLAG_ENCODE_SHIFT in include/uapi/asm-generic/hugetlb_encode.h). The result is unsigned
// because that of 16G reaches bit 31.
constexpr unsigned int SizeFlag(std::size_t page_size) {
  return static_cast<unsigned int>(__builtin_ctzll(page_size)) << 26;
}

// Maps readable and writable memory by mmap(2).
NewMemory MapMemory(const MemoryRequest& request);

}  // namespace hugepool
