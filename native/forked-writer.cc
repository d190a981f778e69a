#include "forked-writer.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <new>
#include <utility>

#include "child-process.h"
#include "fault-guard.h"
#include "policy.h"

namespace hugepool {
namespace {

constexpr int kPollMilliseconds = 50;

}  // namespace

// Runs in the child of a process with many threads, so nothing here may allocate or lock.
struct ForkedWriter::Child {
  static inline Progress* progress;
  static inline int socket;

  // Where the parent is gone, the write fails or the read ends.
  [[noreturn]] static void Report() {
    const char told = 1;
    bool waits = write(socket, &told, 1) == 1;
    while (waits) {
      char nothing;
      waits = read(socket, &nothing, 1) < 0 && errno == EINTR;
    }
    _exit(0);
  }

  static void OnBusError(int, siginfo_t* info, void*) {
    const bool broken = info->si_code == BUS_MCEERR_AR || info->si_code == BUS_MCEERR_AO;
    progress->fault = broken ? EHWPOISON : kBusError;
    Report();
  }

  // All other signals stay blocked. Where the handler itself meets a fault, the child ends.
  static void HeedBusError() {
    struct sigaction action = {};
    action.sa_sigaction = OnBusError;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGBUS, &action, nullptr);
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, SIGBUS);
    sigprocmask(SIG_UNBLOCK, &one, nullptr);
  }

  [[noreturn]] static void Run(const MappedMemory& memory, const VisitRequest& request) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // A new session is out of reach of signals to the parent's process group or terminal.
    setsid();
    CloseOthers(socket);
    HeedBusError();
    const int error = request.policy ? SetPolicy(*request.policy) : 0;
    if (error != 0) {
      progress->fault = error;
      Report();
    }
    for (std::size_t page = request.from; page < request.to; ++page) {
      // An OR with 0 is a write that changes nothing, so that a shared mapping keeps its content.
      __atomic_fetch_or(reinterpret_cast<unsigned char*>(memory.page(page)), 0, __ATOMIC_RELAXED);
      progress->pages.fetch_add(1, std::memory_order_relaxed);
    }
    Report();
  }
};

ForkedWriter::ForkedWriter(std::shared_ptr<MappedMemory> memory, const VisitRequest& request)
    : memory_(std::move(memory)), request_(request) {
  void* shared =
      mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) {
    failure_ = {errno, "mmap"};
    return;
  }
  progress_ = new (shared) Progress{};
  Start();
}

void ForkedWriter::Start() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    failure_ = {errno, "socketpair"};
    return;
  }
  socket_ = Descriptor(ends[0]);
  const Descriptor other(ends[1]);
  const SignalsBlocked blocked;
  Child::progress = progress_;
  Child::socket = ends[1];
  child_ = fork();
  if (child_ == 0) Child::Run(*memory_, request_);
  if (child_ < 0) failure_ = {errno, "fork"};
}

// Whether the child has told that it is done, or is gone.
bool ForkedWriter::Finished(int milliseconds) const {
  struct pollfd socket = {socket_.number(), POLLIN, 0};
  return poll(&socket, 1, milliseconds) > 0;
}

VisitResult ForkedWriter::Wait() {
  using Clock = std::chrono::steady_clock;
  const auto started = Clock::now();
  auto moved = started;
  std::size_t pages = 0;
  bool stuck = false;
  while (!Finished(kPollMilliseconds)) {
    const std::size_t now = progress_->pages;
    if (now != pages) {
      pages = now;
      moved = Clock::now();
    } else if (!stuck && Clock::now() - moved > request_.patience) {
      stuck = true;
      const std::lock_guard lock(mutex_);
      if (child_ > 0) kill(child_, SIGKILL);
    }
  }
  char told;
  const bool is_told = read(socket_.number(), &told, 1) == 1;
  VisitResult result;
  result.pages = progress_->pages;
  result.seconds = std::chrono::duration<double>(Clock::now() - started).count();
  result.reached = request_.from + result.pages;
  result.stopped = stopped_ && !is_told;
  result.fault = is_told ? progress_->fault.load() : stuck ? kInterrupted : ESRCH;
  if (result.fault != kNoFault && !result.stopped) result.failed_page = result.reached;
  return result;
}

void ForkedWriter::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  if (child_ > 0) kill(child_, SIGKILL);
}

void ForkedWriter::End() {
  const std::lock_guard lock(mutex_);
  if (child_ <= 0) return;
  kill(child_, SIGKILL);
  while (waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
}

ForkedWriter::~ForkedWriter() {
  End();
  if (progress_ != nullptr) munmap(progress_, sizeof(Progress));
}

}  // namespace hugepool
