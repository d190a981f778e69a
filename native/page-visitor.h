#pragma once

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "condition.h"
#include "fault-guard.h"
#include "mapped-memory.h"
#include "policy.h"

namespace hugepool {

struct VisitRequest {
  std::size_t from = 0;  // page numbers; `to` is not included
  std::size_t to = 0;
  std::size_t threads = 1;
  std::vector<int> cpus;         // the CPUs to which threads are bound in turn
  std::optional<Policy> policy;  // the policy of each thread
  std::chrono::duration<double> patience{10};
};

// Does the work on one page. Returns kNoFault, another Fault, or an errno.
using Visit = std::function<int(FaultGuard& guard, std::size_t page)>;

struct VisitResult {
  std::size_t pages = 0;
  double seconds = 0;
  // The first page that failed. All pages before it were visited, unless the fault is kInterrupted,
  // which stands for a page that did not come within the patience.
  std::optional<std::size_t> failed_page;
  int fault = kNoFault;
  bool stopped = false;
  std::size_t reached = 0;  // no page from this one on was visited
  Failure setup;            // set where no page was visited at all
};

// Visits pages of mapped memory with several threads. Each page is visited by one of them.
class PageVisitor : public std::enable_shared_from_this<PageVisitor> {
 public:
  PageVisitor(std::shared_ptr<MappedMemory> memory, VisitRequest request, Visit visit);
  ~PageVisitor();

  // Returns when all threads have ended. A thread that not even a signal frees from the kernel is
  // left behind, and keeps the memory.
  VisitResult Work();

  // Makes the threads end after the page that they are at.
  void Stop();

  // The number of pages visited so far.
  std::size_t pages() const { return pages_.load(std::memory_order_relaxed); }

  bool over();

  // Waits until Work has returned, and then a while for threads that were left behind. Returns
  // whether all have ended, so that none touches the memory any more.
  bool Wait();

 private:
  struct Worker;
  using Clock = std::chrono::steady_clock;

  Failure Start();
  void RunWorker(Worker& worker);
  Failure SetUp(std::size_t number) const;
  bool AwaitStart(Failure failure);
  void VisitPages(Worker& worker);
  bool VisitPage(Worker& worker, std::size_t page);
  // These functions are called with mutex_ locked.
  void Fail(std::size_t page, int fault);
  void Watch(std::unique_lock<std::mutex>& lock);
  void Check(Worker& worker, Clock::time_point now);
  void Abandon(Worker& worker);
  VisitResult Result(Clock::time_point started);

  const std::shared_ptr<MappedMemory> memory_;
  const VisitRequest request_;
  const Visit visit_;
  const std::size_t chunk_;

  std::atomic<std::size_t> next_;
  std::atomic<std::size_t> pages_ = 0;
  // No page from this one on is visited any more.
  std::atomic<std::size_t> limit_;
  std::atomic<bool> stopping_ = false;

  std::mutex mutex_;
  Condition changed_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::size_t ready_ = 0;
  bool go_ = false;
  bool over_ = false;
  Failure setup_;
  int fault_ = kNoFault;
};

}  // namespace hugepool
