#include <algorithm>
#include <cstdint>
#include <utility>

#include "visit-kinds.h"

namespace hugepool {
namespace {

// The bytes of one access. They are few enough that the watchdog sees progress within a page of 1G,
// and that a stop need not interrupt an access.
constexpr std::size_t kBlock = std::size_t{1} << 20;

// The factors are odd and have bits all over, so that neighbouring words and pages differ in all
// but a few bytes.
constexpr std::uint64_t kPageFactor = 0x9e3779b97f4a7c15;
constexpr std::uint64_t kWordFactor = 0xc2b2ae3d27d4eb4f;

std::uint64_t Word(std::size_t page, std::size_t offset) {
  return (page + 1) * kPageFactor + offset / sizeof(std::uint64_t) * kWordFactor;
}

struct Block {
  std::uint64_t* words;
  std::size_t count;
  std::uint64_t first;  // the value of the first word; each next is kWordFactor more
};

Block BlockAt(const MappedMemory& memory, std::size_t page, std::size_t offset) {
  auto* words = reinterpret_cast<std::uint64_t*>(memory.page(page) + offset);
  const std::size_t bytes = std::min(kBlock, memory.page_size() - offset);
  return {words, bytes / sizeof(std::uint64_t), Word(page, offset)};
}

int Fill(const Block& block) {
  std::uint64_t value = block.first;
  for (std::size_t i = 0; i < block.count; i++, value += kWordFactor) block.words[i] = value;
  return kNoFault;
}

// The index of the first word that differs from the pattern, or the count.
std::size_t Same(const Block& block) {
  std::uint64_t value = block.first;
  for (std::size_t i = 0; i < block.count; i++, value += kWordFactor) {
    if (block.words[i] != value) return i;
  }
  return block.count;
}

}  // namespace

void Difference::Note(std::size_t page, std::size_t offset) {
  const std::lock_guard lock(mutex_);
  if (page_ && *page_ <= page) return;
  page_ = page;
  offset_ = offset;
}

Visit WriteVisit(std::shared_ptr<MappedMemory> memory) {
  return [memory = std::move(memory)](FaultGuard& guard, std::size_t page) {
    for (std::size_t offset = 0; offset < memory->page_size(); offset += kBlock) {
      const Block block = BlockAt(*memory, page, offset);
      const int fault = guard.Try([&block] { return Fill(block); });
      if (fault != kNoFault) return fault;
    }
    return static_cast<int>(kNoFault);
  };
}

Visit VerifyVisit(std::shared_ptr<MappedMemory> memory, std::shared_ptr<Difference> difference) {
  return [memory = std::move(memory), difference = std::move(difference)](FaultGuard& guard,
                                                                          std::size_t page) {
    for (std::size_t offset = 0; offset < memory->page_size(); offset += kBlock) {
      const Block block = BlockAt(*memory, page, offset);
      std::size_t same = 0;
      const int fault = guard.Try([&block, &same] {
        same = Same(block);
        return same == block.count ? kNoFault : kDiffers;
      });
      if (fault == kDiffers) difference->Note(page, offset + same * sizeof(std::uint64_t));
      if (fault != kNoFault) return fault;
    }
    return static_cast<int>(kNoFault);
  };
}

}  // namespace hugepool
