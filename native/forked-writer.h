#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>

#include "descriptor.h"
#include "failure.h"
#include "mapped-memory.h"
#include "page-visitor.h"

namespace hugepool {

// A child of fork(2) that writes to pages, and then keeps what the kernel copied for it until it is
// ended. It ends with this process too, however that ends.
class ForkedWriter {
 public:
  // Starts the child. The kernel ends a child with the thread that started it, so this is called on
  // the main thread.
  ForkedWriter(std::shared_ptr<MappedMemory> memory, const VisitRequest& request);
  ~ForkedWriter();
  ForkedWriter(const ForkedWriter&) = delete;
  ForkedWriter& operator=(const ForkedWriter&) = delete;

  Failure failure() const { return failure_; }

  // Waits until the child has written all pages, or could not. A child that was killed failed at
  // its page with ESRCH.
  VisitResult Wait();

  // Kills the child, so that Wait returns.
  void Stop();

  // Ends the child, and returns when the kernel has taken back what it had.
  void End();

 private:
  // The memory that both processes see. Only the child stores to it.
  struct Progress {
    std::atomic<std::size_t> pages;
    std::atomic<int> fault;
  };
  struct Child;

  void Start();
  bool Finished(int milliseconds) const;

  const std::shared_ptr<MappedMemory> memory_;
  const VisitRequest request_;
  Progress* progress_ = nullptr;
  Descriptor socket_;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  pid_t child_ = -1;
  Failure failure_;
};

}  // namespace hugepool
