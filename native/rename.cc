#include <linux/fs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "arguments.h"
#include "calls.h"
#include "errno-error.h"

namespace hugepool {

void Rename(const Napi::CallbackInfo& info) {
  const auto directory = ToInt(info[0]);
  const auto from = ToText(info[1]);
  const auto to = ToText(info[2]);
  if (!directory || !from || !to) {
    return ThrowTypeError(info.Env(), "rename: directory must be an integer, from and to strings");
  }
  // glibc has a wrapper from 2.28 on, and musl has none before 1.2.6.
  const long result =
      syscall(SYS_renameat2, *directory, from->c_str(), *directory, to->c_str(), RENAME_NOREPLACE);
  if (result != 0) ThrowErrno(info.Env(), errno, "renameat2", *from);
}

}  // namespace hugepool
