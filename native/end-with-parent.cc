#include <sys/prctl.h>

#include <cerrno>
#include <csignal>

#include "calls.h"
#include "errno.h"

namespace hugepool {

// A parent that has ended already is noticed otherwise.
void EndWithParent(const Napi::CallbackInfo& info) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) ThrowErrno(info.Env(), errno, "prctl");
}

}  // namespace hugepool
