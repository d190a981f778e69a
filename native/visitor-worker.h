#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "page-visitor.h"

namespace hugepool {

// A thread of a visitor.
struct PageVisitor::Worker {
  Worker(const MappedMemory& memory, std::size_t number)
      : guard(memory.page(0), memory.pages() * memory.page_size()), number(number) {}

  FaultGuard guard;
  const std::size_t number;
  std::atomic<std::size_t> page = 0;

  // The fields below belong to the thread that started this one, and are used under the mutex of
  // the visitor.
  pthread_t thread{};
  bool done = false;
  bool abandoned = false;
  // The access that the watchdog saw last, and the time when it first saw that access.
  std::uint64_t seen = 0;
  Clock::time_point since{};
  // The access that was interrupted last, and the time when it was first interrupted.
  std::uint64_t interrupted = 0;
  Clock::time_point interruption{};
};

}  // namespace hugepool
