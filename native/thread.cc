#include "thread.h"

#include <csignal>
#include <memory>
#include <utility>

namespace hugepool {
namespace {

using Body = std::function<void()>;

void* Run(void* argument) {
  const std::unique_ptr<Body> body(static_cast<Body*>(argument));
  (*body)();
  return nullptr;
}

// Signals of the process are for the main thread. Signals of faults are not blocked, because a
// blocked fault kills the process.
sigset_t NotOurs() {
  sigset_t set;
  sigfillset(&set);
  for (const int fault : {SIGBUS, SIGSEGV, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS}) {
    sigdelset(&set, fault);
  }
  return set;
}

}  // namespace

int StartThread(Body body, pthread_t* thread) {
  auto argument = std::make_unique<Body>(std::move(body));
  const sigset_t blocked = NotOurs();
  sigset_t before;
  // The new thread inherits the mask, so that it can take no signal at any moment.
  pthread_sigmask(SIG_SETMASK, &blocked, &before);
  const int error = pthread_create(thread, nullptr, Run, argument.get());
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (error == 0) argument.release();
  return error;
}

int StartDetached(Body body) {
  pthread_t thread;
  const int error = StartThread(std::move(body), &thread);
  if (error == 0) pthread_detach(thread);
  return error;
}

}  // namespace hugepool
