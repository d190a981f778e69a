#pragma once

#include <cstddef>
#include <memory>
#include <mutex>

#include "failure.h"

namespace hugepool {

struct MemoryRequest {
  std::size_t bytes = 0;      // whole pages
  std::size_t page_size = 0;  // a power of two
  int descriptor = -1;        // -1: anonymous HugeTLB pages of this size
  bool shared = false;
  bool populate = false;
  bool noreserve = false;
};

// Memory of the process, given back when the last of those goes who can still touch it.
class MappedMemory {
 public:
  enum class Kind { kMapping, kSegment };

  MappedMemory(void* address, std::size_t bytes, std::size_t page_size, Kind kind);
  ~MappedMemory();
  MappedMemory(const MappedMemory&) = delete;
  MappedMemory& operator=(const MappedMemory&) = delete;

  // Gives the memory back; an errno. Only the first call does anything.
  int Release();

  std::byte* page(std::size_t number) const { return address_ + number * page_size_; }
  std::size_t page_size() const { return page_size_; }
  std::size_t pages() const { return bytes_ / page_size_; }

 private:
  std::byte* const address_;
  const std::size_t bytes_;
  const std::size_t page_size_;
  const Kind kind_;
  std::mutex mutex_;
  bool released_ = false;
};

// One of both is set.
struct NewMemory {
  std::shared_ptr<MappedMemory> memory;
  Failure failure;
};

// The logarithm of a page size where mmap, memfd_create and shmget alike look for it
// (HUGETLB_FLAG_ENCODE_SHIFT in include/uapi/asm-generic/hugetlb_encode.h). Unsigned: that of 16G
// reaches bit 31.
constexpr unsigned int SizeFlag(std::size_t page_size) {
  return static_cast<unsigned int>(__builtin_ctzll(page_size)) << 26;
}

// mmap(2), readable and writable.
NewMemory MapMemory(const MemoryRequest& request);

}  // namespace hugepool
