#include <sys/ipc.h>
#include <sys/shm.h>

#include <cerrno>

#include "arguments.h"
#include "calls.h"
#include "errno-error.h"

namespace hugepool {

void RemoveSegment(const Napi::CallbackInfo& info) {
  const auto id = ToInt(info[0]);
  if (!id) return ThrowTypeError(info.Env(), "removeSegment: id must be an integer");
  if (shmctl(*id, IPC_RMID, nullptr) != 0) ThrowErrno(info.Env(), errno, "shmctl");
}

}  // namespace hugepool
