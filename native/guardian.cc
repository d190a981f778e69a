#include "guardian.h"

#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>

namespace hugepool {
namespace {

struct Answer {
  int segment;
  int error;
};

// Closes what the parent has open but for the line and the standard streams: locks must not outlive
// it, nor must the line of another guardian. close_range is of 5.9.
void CloseOthers(int line) {
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
  const auto number = static_cast<unsigned int>(line);
  if (number > 3) syscall(SYS_close_range, 3U, number - 1, 0);
  syscall(SYS_close_range, number + 1, ~0U, 0);
}

// Runs in the child of a process of many threads: nothing here may allocate or lock. All signals
// stay blocked, for the parent's handlers write to pipes that both share.
[[noreturn]] void Guard(int line, std::size_t bytes, int flags) {
  // Out of reach of a signal to the parent's process group or terminal.
  setsid();
  CloseOthers(line);
  Answer answer{shmget(IPC_PRIVATE, bytes, flags), 0};
  if (answer.segment < 0) answer.error = errno;
  // Where the parent is gone this fails, and so does the read.
  bool waits = write(line, &answer, sizeof answer) == sizeof answer;
  while (waits) {
    char nothing;
    waits = read(line, &nothing, 1) < 0 && errno == EINTR;
  }
  if (answer.segment >= 0 && shmctl(answer.segment, IPC_RMID, nullptr) != 0) _exit(errno);
  _exit(0);
}

class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

Guardian::Guardian(std::size_t bytes, int flags) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    failure_ = {errno, "socketpair"};
    return;
  }
  line_ = Descriptor(ends[0]);
  Descriptor other(ends[1]);
  {
    const SignalsBlocked blocked;
    child_ = fork();
    if (child_ == 0) {
      close(ends[0]);
      Guard(ends[1], bytes, flags);
    }
  }
  if (child_ < 0) {
    failure_ = {errno, "fork"};
    return;
  }
  other.Close();
  Receive();
}

void Guardian::Receive() {
  Answer answer{};
  ssize_t length;
  do {
    length = read(line_.number(), &answer, sizeof answer);
  } while (length < 0 && errno == EINTR);
  if (length != sizeof answer) {
    // Somebody killed it.
    failure_ = {ECHILD, "shmget"};
  } else if (answer.error != 0) {
    failure_ = {answer.error, "shmget"};
  } else {
    segment_ = answer.segment;
  }
}

Failure Guardian::Remove() {
  line_.Close();
  if (child_ < 0) return {};
  int status = 0;
  pid_t ended;
  do {
    ended = waitpid(child_, &status, 0);
  } while (ended < 0 && errno == EINTR);
  child_ = -1;
  if (ended < 0) return {};
  return {WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD, "shmctl"};
}

}  // namespace hugepool
