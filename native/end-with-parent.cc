#include <sys/prctl.h>

#include <cerrno>
#include <csignal>

#include "calls.h"
#include "errno-error.h"

namespace hugepool {

// The signal is not sent where the parent has ended already. The end of standard input shows that.
void EndWithParent(const Napi::CallbackInfo& info) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) ThrowErrno(info.Env(), errno, "prctl");
}

}  // namespace hugepool
