#include "page-visitor.h"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "thread.h"
#include "visitor-worker.h"

namespace hugepool {
namespace {

// Tells how many pages a thread takes at once. They are few, so that all threads end together,
// but enough that small pages do not each cost an access to the shared counter.
std::size_t ChunkOf(const VisitRequest& request, std::size_t page_size) {
  constexpr std::size_t kMost = 16;
  constexpr std::size_t kBytes = std::size_t{8} << 20;
  const std::size_t share = (request.to - request.from) / std::max<std::size_t>(1, request.threads);
  return std::max<std::size_t>(1, std::min({kMost, kBytes / page_size, share}));
}

// CPU_ALLOC is not used, because it calls functions that only glibc has.
int BindToCpu(int cpu) {
  std::vector<cpu_set_t> sets(static_cast<std::size_t>(cpu) / CPU_SETSIZE + 1);
  const std::size_t size = sets.size() * sizeof(cpu_set_t);
  CPU_SET_S(cpu, size, sets.data());
  return sched_setaffinity(0, size, sets.data()) == 0 ? 0 : errno;
}

}  // namespace

PageVisitor::PageVisitor(std::shared_ptr<MappedMemory> memory, VisitRequest request, Visit visit)
    : memory_(std::move(memory)),
      request_(std::move(request)),
      visit_(std::move(visit)),
      chunk_(ChunkOf(request_, memory_->page_size())),
      next_(request_.from),
      limit_(request_.to) {}

PageVisitor::~PageVisitor() = default;

Failure PageVisitor::SetUp(std::size_t number) const {
  const auto& cpus = request_.cpus;
  if (!cpus.empty()) {
    const int error = BindToCpu(cpus[number % cpus.size()]);
    if (error != 0) return {error, "sched_setaffinity"};
  }
  if (request_.policy) {
    const int error = SetPolicy(*request_.policy);
    if (error != 0) return {error, "set_mempolicy"};
  }
  return {};
}

// Waits until all threads are ready and the clock starts. Where a thread cannot be set up, none
// visits a page.
bool PageVisitor::AwaitStart(Failure failure) {
  std::unique_lock lock(mutex_);
  if (failure && !setup_) setup_ = failure;
  ready_++;
  changed_.NotifyAll();
  changed_.Wait(lock, [this] { return go_; });
  return !setup_;
}

void PageVisitor::RunWorker(Worker& worker) {
  worker.guard.Bind();
  if (AwaitStart(SetUp(worker.number))) VisitPages(worker);
  // The watchdog interrupts threads with the mutex locked, so that this thread is not interrupted
  // any more.
  const std::lock_guard lock(mutex_);
  FaultGuard::Unbind();
  worker.done = true;
  changed_.NotifyAll();
}

void PageVisitor::VisitPages(Worker& worker) {
  for (;;) {
    const std::size_t begin = next_.fetch_add(chunk_);
    const std::size_t end = std::min(begin + chunk_, request_.to);
    if (begin >= end) return;
    for (std::size_t page = begin; page < end; page++) {
      if (stopping_.load() || page >= limit_.load() || !VisitPage(worker, page)) return;
    }
  }
}

bool PageVisitor::VisitPage(Worker& worker, std::size_t page) {
  worker.page.store(page, std::memory_order_relaxed);
  const int fault = visit_(worker.guard, page);
  if (fault == kNoFault) {
    pages_.fetch_add(1, std::memory_order_relaxed);
    return true;
  }
  // Where a stop was asked for, an interrupted page does not count as a failure.
  if (fault == kInterrupted && stopping_.load()) return false;
  const std::lock_guard lock(mutex_);
  Fail(page, fault);
  return false;
}

void PageVisitor::Fail(std::size_t page, int fault) {
  if (page >= limit_.load()) return;
  limit_.store(page);
  fault_ = fault;
}

Failure PageVisitor::Start() {
  const auto signals = std::make_shared<FaultSignals>();
  for (std::size_t number = 0; number < request_.threads; number++) {
    auto& worker = *workers_.emplace_back(std::make_unique<Worker>(*memory_, number));
    // The thread keeps the visitor, the memory and the handlers, even where it is left behind.
    const auto body = [self = shared_from_this(), signals, &worker] { self->RunWorker(worker); };
    const int error = StartThread(body, &worker.thread);
    if (error == 0) continue;
    workers_.pop_back();
    return {error, "pthread_create"};
  }
  return {};
}

VisitResult PageVisitor::Work() {
  std::unique_lock lock(mutex_);
  const Failure failure = Start();
  changed_.Wait(lock, [this] { return ready_ == workers_.size(); });
  if (failure) setup_ = failure;
  go_ = true;
  changed_.NotifyAll();
  const auto started = Clock::now();
  Watch(lock);
  const auto result = Result(started);
  lock.unlock();
  for (const auto& worker : workers_) {
    if (!worker->abandoned) pthread_join(worker->thread, nullptr);
  }
  lock.lock();
  over_ = true;
  changed_.NotifyAll();
  return result;
}

VisitResult PageVisitor::Result(Clock::time_point started) {
  VisitResult result;
  result.seconds = std::chrono::duration<double>(Clock::now() - started).count();
  result.pages = pages_.load();
  result.reached = std::min(next_.load(), request_.to);
  result.setup = setup_;
  if (fault_ != kNoFault) {
    result.failed_page = limit_.load();
    result.fault = fault_;
  }
  const bool whole = result.pages == request_.to - request_.from;
  result.stopped = stopping_.load() && !whole && fault_ == kNoFault;
  return result;
}

void PageVisitor::Stop() {
  stopping_.store(true);
  const std::lock_guard lock(mutex_);
  changed_.NotifyAll();
}

bool PageVisitor::over() {
  const std::lock_guard lock(mutex_);
  return over_;
}

bool PageVisitor::Wait() {
  // Clearing a page of 1G may take long where the thread could not be interrupted.
  constexpr std::chrono::seconds kPatience{2};
  std::unique_lock lock(mutex_);
  changed_.Wait(lock, [this] { return over_; });
  return changed_.WaitFor(lock, kPatience, [this] {
    const auto done = [](const auto& worker) { return worker->done; };
    return std::all_of(workers_.begin(), workers_.end(), done);
  });
}

}  // namespace hugepool
