#pragma once

#include <pthread.h>

#include <atomic>
#include <csetjmp>
#include <cstddef>
#include <cstdint>

namespace hugepool {

// What an access came to. Positive numbers are errnos.
enum Fault : int {
  kNoFault = 0,
  kBusError = -1,     // SIGBUS: the kernel has no page for it
  kInterrupted = -2,  // by Interrupt, from another thread
};

// Installs the handlers of SIGBUS and of the interrupting signal while any of these exists, and
// puts back what was there before. Signals that are not meant for a guard go to the handler before.
class FaultSignals {
 public:
  FaultSignals();
  ~FaultSignals();
  FaultSignals(const FaultSignals&) = delete;
  FaultSignals& operator=(const FaultSignals&) = delete;
};

// Lets one thread survive its own accesses to one range of memory.
class FaultGuard {
 public:
  FaultGuard(const void* begin, std::size_t bytes)
      : begin_(reinterpret_cast<std::uintptr_t>(begin)), bytes_(bytes) {}
  FaultGuard(const FaultGuard&) = delete;
  FaultGuard& operator=(const FaultGuard&) = delete;

  // Makes this the calling thread's guard, until Unbind.
  void Bind();
  static void Unbind();

  // What the access returns, or kBusError, EHWPOISON or kInterrupted where it was broken off: the
  // access must own nothing that would have to be destroyed.
  template <typename Access>
  int Try(Access access) {
    // The signals are SA_NODEFER: there is no mask to put back, which would be a system call a
    // page.
    const int fault = sigsetjmp(jump_, 0);
    if (fault != 0) return fault;
    count_.fetch_add(1);
    const int answer = access();
    count_.fetch_add(1);
    return answer;
  }

  // Odd while an access is under way; another number for every access.
  std::uint64_t count() const { return count_.load(); }

  // Breaks off the access with this count; one that is over is not disturbed, nor is the next.
  void Interrupt(pthread_t thread, std::uint64_t count);

 private:
  friend struct FaultHandlers;

  const std::uintptr_t begin_;
  const std::size_t bytes_;
  std::atomic<std::uint64_t> count_ = 0;
  std::atomic<std::uint64_t> interrupted_ = 0;
  sigjmp_buf jump_;
};

}  // namespace hugepool
