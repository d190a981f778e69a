#include "child-process.h"

#include <sys/syscall.h>
#include <unistd.h>

namespace hugepool {

// Linux has close_range since 5.9.
void CloseOthers(int socket) {
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
  const auto number = static_cast<unsigned int>(socket);
  if (number > 3) syscall(SYS_close_range, 3U, number - 1, 0);
  syscall(SYS_close_range, number + 1, ~0U, 0);
}

SignalsBlocked::SignalsBlocked() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before_);
}

SignalsBlocked::~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace hugepool
