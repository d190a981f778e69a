#include "guardian.h"

#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <ctime>

#include "child-process.h"

namespace hugepool {
namespace {

struct Answer {
  int segment;
  int error;
};

// Runs in the child of a process with many threads, so nothing here may allocate or lock. All
// signals stay blocked, because the parent's handlers write to pipes that both processes share.
[[noreturn]] void KeepSegment(int socket, std::size_t bytes, int flags) {
  // A new session is out of reach of signals to the parent's process group or terminal.
  setsid();
  CloseOthers(socket);
  Answer answer{shmget(IPC_PRIVATE, bytes, flags), 0};
  if (answer.segment < 0) answer.error = errno;
  // Where the parent is gone, the write fails or the read ends.
  bool waits = write(socket, &answer, sizeof answer) == sizeof answer;
  while (waits) {
    char nothing;
    waits = read(socket, &nothing, 1) < 0 && errno == EINTR;
  }
  if (answer.segment >= 0) shmctl(answer.segment, IPC_RMID, nullptr);
  _exit(0);
}

}  // namespace

Guardian::Guardian(std::size_t bytes, int flags) : started_(time(nullptr)), bytes_(bytes) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    failure_ = {errno, "socketpair"};
    return;
  }
  socket_ = Descriptor(ends[0]);
  Descriptor other(ends[1]);
  {
    const SignalsBlocked blocked;
    child_ = fork();
    if (child_ == 0) {
      close(ends[0]);
      KeepSegment(ends[1], bytes, flags);
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
    length = read(socket_.number(), &answer, sizeof answer);
  } while (length < 0 && errno == EINTR);
  if (length != sizeof answer) {
    // The guardian was killed, before or after its shmget.
    RemoveUntold();
    failure_ = {ESRCH, "shmget"};
  } else if (answer.error != 0) {
    failure_ = {answer.error, "shmget"};
  } else {
    segment_ = answer.segment;
  }
}

// Removes a segment that the guardian made but did not report. No other process gets the guardian's
// process id before waitpid, but a process that ended long ago may have had it.
void Guardian::RemoveUntold() const {
  struct shm_info info;
  const int last = shmctl(0, SHM_INFO, reinterpret_cast<struct shmid_ds*>(&info));
  for (int index = 0; index <= last; index++) {
    struct shmid_ds found;
    const int segment = shmctl(index, SHM_STAT, &found);
    if (segment < 0 || found.shm_cpid != child_ || found.shm_ctime < started_) continue;
    if (found.shm_nattch == 0 && found.shm_segsz == bytes_) shmctl(segment, IPC_RMID, nullptr);
  }
}

// The guardian may have been stopped or killed, so it is not asked to remove the segment. Where it
// has removed the segment already, the kernel does not know the id any more.
Failure Guardian::Remove() {
  Failure failure;
  if (segment_ >= 0 && shmctl(segment_, IPC_RMID, nullptr) != 0 && errno != EINVAL &&
      errno != EIDRM) {
    failure = {errno, "shmctl"};
  }
  segment_ = -1;
  socket_.Close();
  if (child_ < 0) return failure;
  // Where the removal failed here, the guardian is left to do it.
  if (!failure) kill(child_, SIGKILL);
  while (waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
  return failure;
}

}  // namespace hugepool
