#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>

#include "page-visitor.h"

namespace hugepool {

// The result for a page whose content is not the pattern. It is neither an errno nor a Fault.
constexpr int kDiffers = -3;

// Stores a byte, so that the kernel allocates and clears the page.
Visit StoreVisit(std::shared_ptr<MappedMemory> memory);

// Has the kernel allocate and clear the page by MADV_POPULATE_WRITE (5.14), which returns an errno
// and raises no SIGBUS: EFAULT where there is no page, EHWPOISON, ENOMEM, and EINVAL for device
// memory and before 5.14.
Visit PopulateVisit(std::shared_ptr<MappedMemory> memory);

// Whether this kernel has MADV_POPULATE_WRITE.
bool CanPopulate();

// Fills a page with words that are derived from its number and their place in it.
Visit WriteVisit(std::shared_ptr<MappedMemory> memory);

// Keeps the difference in the first of all pages that differ.
class Difference {
 public:
  void Note(std::size_t page, std::size_t offset);
  std::size_t offset() const { return offset_; }  // bytes into the page

 private:
  std::mutex mutex_;
  std::optional<std::size_t> page_;
  std::size_t offset_ = 0;
};

// Reads the words of WriteVisit back. Returns kDiffers where they are not there.
Visit VerifyVisit(std::shared_ptr<MappedMemory> memory, std::shared_ptr<Difference> difference);

}  // namespace hugepool
