#pragma once

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "fault-guard.h"
#include "mapped-memory.h"
#include "policy.h"

namespace hugepool {

struct VisitRequest {
  std::size_t from = 0;  // pages, half open
  std::size_t to = 0;
  std::size_t threads = 1;
  std::vector<int> cpus;         // threads are bound to these in turn
  std::optional<Policy> policy;  // of each thread
  std::chrono::duration<double> patience{10};
};

// What is done to one page: kNoFault, another Fault, or an errno.
using Visit = std::function<int(FaultGuard& guard, std::size_t page)>;

struct VisitResult {
  std::size_t pages = 0;
  double seconds = 0;
  // Of the first page that failed; the pages before it were all visited, unless it is kInterrupted:
  // a page that did not come within the patience.
  std::optional<std::size_t> failed_page;
  int fault = kNoFault;
  bool stopped = false;
  std::size_t reached = 0;  // no page from here on was visited
  Failure setup;            // where no page was visited at all
};

// Visits pages of mapped memory by several threads, each page by one of them.
class PageVisitor : public std::enable_shared_from_this<PageVisitor> {
 public:
  PageVisitor(std::shared_ptr<MappedMemory> memory, VisitRequest request, Visit visit);
  ~PageVisitor();

  // Returns when all threads have ended. A thread that even a signal does not free from the kernel
  // is left behind; it keeps the memory.
  VisitResult Work();

  // Threads end after the page they are at.
  void Stop();

  // Pages visited so far.
  std::size_t pages() const { return pages_.load(std::memory_order_relaxed); }

  bool over();

  // Waits until Work has returned, and a while for threads that were left behind. Whether all have
  // ended, so that nobody touches the memory any more.
  bool Wait();

 private:
  struct Worker;
  using Clock = std::chrono::steady_clock;

  Failure Start();
  void Thread(Worker& worker);
  Failure SetUp(std::size_t number) const;
  bool AwaitStart(Failure failure);
  void VisitPages(Worker& worker);
  bool VisitPage(Worker& worker, std::size_t page);
  // With mutex_ held:
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
  // No page from here on is visited any more.
  std::atomic<std::size_t> limit_;
  std::atomic<bool> stopping_ = false;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::size_t ready_ = 0;
  bool go_ = false;
  bool over_ = false;
  Failure setup_;
  int fault_ = kNoFault;
};

}  // namespace hugepool
