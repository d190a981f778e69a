#include "fault-guard.h"

#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <mutex>

namespace hugepool {
namespace {

// The guard of each thread is kept by a key. In a loaded library the first use of a thread-local
// variable allocates it, which a signal handler must not do. A variable that needs no allocation
// (the initial-exec model) keeps musl from loading the library. Both C libraries read a key without
// allocating or locking.
pthread_key_t NewKey() {
  pthread_key_t key;
  if (pthread_key_create(&key, nullptr) != 0) abort();
  return key;
}
const pthread_key_t key = NewKey();

FaultGuard* Current() { return static_cast<FaultGuard*>(pthread_getspecific(key)); }

// The memory for a key is a few octets. Without it no thread could be guarded.
void SetCurrent(FaultGuard* guard) {
  if (pthread_setspecific(key, guard) != 0) abort();
}

static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "used in signal handlers");

// The C library keeps the first real-time signals for itself; Node and V8 use none.
int InterruptSignal() { return SIGRTMIN + 5; }

std::mutex mutex;
int users = 0;
struct sigaction before_bus;
struct sigaction before_interrupt;

// Does what would have happened without the handlers of this file.
void PassOn(int signal, siginfo_t* info, void* context, const struct sigaction& before) {
  if ((before.sa_flags & SA_SIGINFO) != 0) return before.sa_sigaction(signal, info, context);
  const bool fault = info->si_code > 0;
  // No process can ignore a fault.
  const bool ignored = before.sa_handler == SIG_IGN && !fault;
  if (ignored) return;
  if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
    return before.sa_handler(signal);
  }
  struct sigaction normal {};
  normal.sa_handler = SIG_DFL;
  sigaction(signal, &normal, nullptr);
  // A fault needs no raise, because the access faults again.
  if (!fault) raise(signal);
}

}  // namespace

struct FaultHandlers {
  [[noreturn]] static void Leave(FaultGuard* guard, int fault) {
    guard->count_.fetch_add(1);
    siglongjmp(guard->jump_, fault);
  }

  static bool Accessing(const FaultGuard* guard) {
    return guard != nullptr && guard->count_.load() % 2 == 1;
  }

  static void OnBus(int signal, siginfo_t* info, void* context) {
    FaultGuard* guard = Current();
    // BUS_MCEERR_AO reports a broken page that no thread is accessing.
    const bool fault = info->si_code > 0 && info->si_code != BUS_MCEERR_AO;
    const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    if (fault && Accessing(guard) && address - guard->begin_ < guard->bytes_) {
      Leave(guard, info->si_code == BUS_MCEERR_AR ? EHWPOISON : kBusError);
    }
    PassOn(signal, info, context, before_bus);
  }

  static void OnInterrupt(int signal, siginfo_t* info, void* context) {
    FaultGuard* guard = Current();
    if (info->si_code != SI_TKILL || info->si_pid != getpid() || guard == nullptr) {
      return PassOn(signal, info, context, before_interrupt);
    }
    if (Accessing(guard) && guard->interrupted_.load() == guard->count_.load()) {
      Leave(guard, kInterrupted);
    }
  }
};

namespace {

using Handler = void (*)(int, siginfo_t*, void*);

struct sigaction Installed(int signal) {
  struct sigaction now {};
  sigaction(signal, nullptr, &now);
  return now;
}

bool Is(const struct sigaction& action, Handler handler) {
  return (action.sa_flags & SA_SIGINFO) != 0 && action.sa_sigaction == handler;
}

// Installs a handler where it is not in place. Other code may have replaced it since the last time.
void Install(int signal, Handler handler, struct sigaction* before) {
  const struct sigaction now = Installed(signal);
  if (Is(now, handler)) return;
  *before = now;
  struct sigaction action {};
  action.sa_sigaction = handler;
  // SA_NODEFER: a handler that jumps away leaves no signal blocked. SA_ONSTACK: the previous
  // handler may rely on it.
  action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK | SA_RESTART;
  sigaction(signal, &action, nullptr);
}

// Lets the calling thread take the signals of this file. Those that wait for it are taken at once.
void TakeSignals() {
  sigset_t own;
  sigemptyset(&own);
  sigaddset(&own, SIGBUS);
  sigaddset(&own, InterruptSignal());
  pthread_sigmask(SIG_UNBLOCK, &own, nullptr);
}

void Uninstall(int signal, Handler handler, const struct sigaction& before) {
  if (Is(Installed(signal), handler)) sigaction(signal, &before, nullptr);
}

}  // namespace

FaultSignals::FaultSignals() {
  const std::lock_guard lock(mutex);
  users++;
  Install(SIGBUS, FaultHandlers::OnBus, &before_bus);
  Install(InterruptSignal(), FaultHandlers::OnInterrupt, &before_interrupt);
}

FaultSignals::~FaultSignals() {
  const std::lock_guard lock(mutex);
  if (--users > 0) return;
  Uninstall(SIGBUS, FaultHandlers::OnBus, before_bus);
  Uninstall(InterruptSignal(), FaultHandlers::OnInterrupt, before_interrupt);
}

void FaultGuard::Bind() {
  TakeSignals();
  SetCurrent(this);
}

void FaultGuard::Unbind() {
  // An interruption that was sent before is taken at the end of this system call. Without a guard
  // it would go to the previous handler, which usually is the end of the process.
  TakeSignals();
  SetCurrent(nullptr);
}

void FaultGuard::Interrupt(pthread_t thread, std::uint64_t count) {
  interrupted_.store(count);
  pthread_kill(thread, InterruptSignal());
}

}  // namespace hugepool
