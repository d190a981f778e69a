#include <algorithm>
#include <cstdint>
#include <utility>

#include "page-visits.h"

namespace hugepool {
namespace {

// Under one access, so that the watchdog sees progress within a page of 1G, and small enough that a
// stop need not interrupt one.
constexpr std::size_t kBlock = std::size_t{1} << 20;

// Odd, with bits all over: neighbouring words and pages differ in every byte but few.
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

Block BlockAt(const Area& area, std::size_t page, std::size_t offset) {
  auto* words = reinterpret_cast<std::uint64_t*>(area.page(page) + offset);
  const std::size_t bytes = std::min(kBlock, area.page_size() - offset);
  return {words, bytes / sizeof(std::uint64_t), Word(page, offset)};
}

int Fill(const Block& block) {
  std::uint64_t value = block.first;
  for (std::size_t i = 0; i < block.count; i++, value += kWordFactor) block.words[i] = value;
  return kNoFault;
}

// The index of the first word that is not the pattern, or the count.
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

Visit WriteVisit(std::shared_ptr<Area> area) {
  return [area = std::move(area)](FaultGuard& guard, std::size_t page) {
    for (std::size_t offset = 0; offset < area->page_size(); offset += kBlock) {
      const Block block = BlockAt(*area, page, offset);
      const int fault = guard.Try([&block] { return Fill(block); });
      if (fault != kNoFault) return fault;
    }
    return static_cast<int>(kNoFault);
  };
}

Visit VerifyVisit(std::shared_ptr<Area> area, std::shared_ptr<Difference> difference) {
  return [area = std::move(area), difference = std::move(difference)](FaultGuard& guard,
                                                                      std::size_t page) {
    for (std::size_t offset = 0; offset < area->page_size(); offset += kBlock) {
      const Block block = BlockAt(*area, page, offset);
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
