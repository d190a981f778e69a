#pragma once

#include <pthread.h>

#include <cerrno>
#include <chrono>
#include <ctime>
#include <mutex>

namespace hugepool {

// A condition variable that waits by the clock that nobody sets. That of C++ calls
// pthread_cond_clockwait for it, which glibc has only since 2.30.
class Condition {
 public:
  Condition() {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&condition_, &attributes);
    pthread_condattr_destroy(&attributes);
  }
  ~Condition() { pthread_cond_destroy(&condition_); }
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  void NotifyAll() { pthread_cond_broadcast(&condition_); }

  template <typename Holds>
  void Wait(std::unique_lock<std::mutex>& lock, Holds holds) {
    while (!holds()) pthread_cond_wait(&condition_, lock.mutex()->native_handle());
  }

  // Returns after the time in seconds at the latest, and may do so before.
  void WaitFor(std::unique_lock<std::mutex>& lock, std::chrono::duration<double> time) {
    WaitUntil(lock, After(time));
  }

  // Returns whether the condition holds, for which it waits no longer than this time.
  template <typename Holds>
  bool WaitFor(std::unique_lock<std::mutex>& lock, std::chrono::duration<double> time,
               Holds holds) {
    const timespec end = After(time);
    while (!holds()) {
      if (WaitUntil(lock, end) == ETIMEDOUT) return holds();
    }
    return true;
  }

 private:
  static timespec After(std::chrono::duration<double> time) {
    using std::chrono::nanoseconds;
    constexpr long kSecond = 1'000'000'000;
    timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    const auto ticks = std::chrono::duration_cast<nanoseconds>(time).count() + end.tv_nsec;
    end.tv_sec += ticks / kSecond;
    end.tv_nsec = ticks % kSecond;
    return end;
  }

  int WaitUntil(std::unique_lock<std::mutex>& lock, const timespec& end) {
    return pthread_cond_timedwait(&condition_, lock.mutex()->native_handle(), &end);
  }

  pthread_cond_t condition_;
};

}  // namespace hugepool
