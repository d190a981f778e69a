#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>

#include "page-visitor.h"

namespace hugepool {

// Where the content of a page is not the pattern; no errno, and none of Fault.
constexpr int kDiffers = -3;

// Has a page allocated and cleared by the kernel, by storing a byte.
Visit StoreVisit(std::shared_ptr<MappedMemory> memory);

// The same by MADV_POPULATE_WRITE (5.14), which answers with an errno and not with SIGBUS: EFAULT
// for want of a page, EHWPOISON, ENOMEM, EINVAL for device memory and before 5.14.
Visit PopulateVisit(std::shared_ptr<MappedMemory> memory);

// Whether this kernel has MADV_POPULATE_WRITE.
bool CanPopulate();

// Fills a page with words derived from its number and their place in it.
Visit WriteVisit(std::shared_ptr<MappedMemory> memory);

// The difference that belongs to the first page of all that differ.
class Difference {
 public:
  void Note(std::size_t page, std::size_t offset);
  std::size_t offset() const { return offset_; }  // bytes into the page

 private:
  std::mutex mutex_;
  std::optional<std::size_t> page_;
  std::size_t offset_ = 0;
};

// Reads them back: kDiffers where they are not there.
Visit VerifyVisit(std::shared_ptr<MappedMemory> memory, std::shared_ptr<Difference> difference);

}  // namespace hugepool
