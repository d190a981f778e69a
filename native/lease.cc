#include <fcntl.h>

#include <cerrno>
#include <csignal>

#include "arguments.h"
#include "calls.h"
#include "errno-error.h"

namespace hugepool {

// Without F_SETSIG the kernel sends SIGIO when somebody breaks the lease, which ends the process.
// SIGURG is ignored by default, and the caller asks getLease.
void SetLease(const Napi::CallbackInfo& info) {
  const auto fd = ToInt(info[0]);
  const auto kind = ToInt(info[1]);
  if (!fd || !kind) {
    return ThrowTypeError(info.Env(), "setLease: fd and kind must be integers");
  }
  if (fcntl(*fd, F_SETSIG, SIGURG) != 0) {
    return ThrowErrno(info.Env(), errno, "fcntl(F_SETSIG)");
  }
  if (fcntl(*fd, F_SETLEASE, *kind) != 0) {
    ThrowErrno(info.Env(), errno, "fcntl");
  }
}

Napi::Value GetLease(const Napi::CallbackInfo& info) {
  const auto fd = ToInt(info[0]);
  if (!fd) {
    ThrowTypeError(info.Env(), "getLease: fd must be an integer");
    return info.Env().Undefined();
  }
  const int kind = fcntl(*fd, F_GETLEASE);
  if (kind == -1) {
    ThrowErrno(info.Env(), errno, "fcntl");
    return info.Env().Undefined();
  }
  return Napi::Number::New(info.Env(), kind);
}

}  // namespace hugepool
