#include <algorithm>

#include "page-visitor.h"
#include "visitor-worker.h"

namespace hugepool {
namespace {

using std::chrono::duration;

// The time between two looks at the threads, in seconds. The end of a thread wakes the watchdog at
// once.
constexpr duration<double> kTick{0.05};

// The longest time in seconds that a stop waits for the page that a thread is at.
constexpr duration<double> kStopPatience{0.1};

// The time in seconds from the interruption of a thread until it is left behind, if it still has
// not moved. The shorter time holds where a person waits for a stop.
constexpr duration<double> kGrace{1};
constexpr duration<double> kStopGrace{0.25};

}  // namespace

void PageVisitor::Watch(std::unique_lock<std::mutex>& lock) {
  const auto all = [this](const auto& is) {
    return std::all_of(workers_.begin(), workers_.end(), is);
  };
  while (!all([](const auto& worker) { return worker->done || worker->abandoned; })) {
    changed_.WaitFor(lock, kTick);
    const auto now = Clock::now();
    for (const auto& worker : workers_) {
      if (!worker->done && !worker->abandoned) Check(*worker, now);
    }
  }
}

void PageVisitor::Check(Worker& worker, Clock::time_point now) {
  const std::uint64_t count = worker.guard.count();
  if (count != worker.seen) {
    worker.seen = count;
    worker.since = now;
  }
  if (count % 2 == 0) return;
  const bool stopping = stopping_.load();
  if (now - worker.since < (stopping ? kStopPatience : request_.patience)) return;
  if (worker.interrupted != count) worker.interruption = now;
  worker.interrupted = count;
  worker.guard.Interrupt(worker.thread, count);
  if (now - worker.interruption >= (stopping ? kStopGrace : kGrace)) Abandon(worker);
}

void PageVisitor::Abandon(Worker& worker) {
  worker.abandoned = true;
  pthread_detach(worker.thread);
  if (!stopping_.load()) Fail(worker.page.load(), kInterrupted);
}

}  // namespace hugepool
