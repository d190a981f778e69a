#include <sys/file.h>

#include <cerrno>

#include "arguments.h"
#include "calls.h"
#include "errno-error.h"

namespace hugepool {

void Flock(const Napi::CallbackInfo& info) {
  const auto fd = ToInt(info[0]);
  const auto operation = ToInt(info[1]);
  if (!fd || !operation) {
    return ThrowTypeError(info.Env(), "flock: fd and operation must be integers");
  }
  // EINTR is not retried, because a person gives up waiting by a signal.
  if (flock(*fd, *operation) != 0) ThrowErrno(info.Env(), errno, "flock");
}

}  // namespace hugepool
