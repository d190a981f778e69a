#pragma once

#include <pthread.h>

#include <atomic>
#include <csetjmp>
#include <cstddef>
#include <cstdint>

namespace hugepool {

// The result of an access. Positive numbers are errnos.
enum Fault : int {
  kNoFault = 0,
  kBusError = -1,     // SIGBUS: the kernel has no page for it
  kInterrupted = -2,  // Interrupt broke it off, from another thread
};

// Installs the handlers of SIGBUS and of the interrupting signal while any of these objects exists,
// and then restores the previous handlers. A signal that is not for a guard goes to the previous
// handler.
class FaultSignals {
 public:
  FaultSignals();
  ~FaultSignals();
  FaultSignals(const FaultSignals&) = delete;
  FaultSignals& operator=(const FaultSignals&) = delete;
};

// Lets one thread survive faults of its own accesses to one range of memory.
class FaultGuard {
 public:
  FaultGuard(const void* begin, std::size_t bytes)
      : begin_(reinterpret_cast<std::uintptr_t>(begin)), bytes_(bytes) {}
  FaultGuard(const FaultGuard&) = delete;
  FaultGuard& operator=(const FaultGuard&) = delete;

  // Makes this the calling thread's guard, until Unbind. Nobody may interrupt the thread after
  // Unbind has begun.
  void Bind();
  static void Unbind();

  // Returns what the access returns, or kBusError, EHWPOISON or kInterrupted where the access was
  // broken off. The access must not own anything that would have to be destroyed.
  template <typename Access>
  int Try(Access access) {
    // The signals are SA_NODEFER, so there is no mask to restore. That would cost a system call for
    // each page.
    const int fault = sigsetjmp(jump_, 0);
    if (fault != 0) return fault;
    count_.fetch_add(1);
    const int answer = access();
    count_.fetch_add(1);
    return answer;
  }

  // The count is odd while an access is under way, and differs for every access.
  std::uint64_t count() const { return count_.load(); }

  // Breaks off the access with this count. It does not disturb the next one where that access is
  // over.
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
