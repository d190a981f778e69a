#include <fcntl.h>
#include <linux/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "arguments.h"
#include "calls.h"
#include "errno-error.h"

namespace hugepool {
namespace {

// Encodes a device number as stat(2) returns it (new_encode_dev in include/linux/kdev_t.h).
std::uint64_t ToDevice(std::uint64_t major, std::uint64_t minor) {
  return (minor & 0xff) | (major << 8) | ((minor & ~std::uint64_t{0xff}) << 12);
}

}  // namespace

Napi::Value Kcmp(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto one = ToInt(info[0]);
  const auto other = ToInt(info[1]);
  const auto type = ToInt(info[2]);
  if (!one || !other || !type) {
    ThrowTypeError(env, "kcmp: one, other and type must be integers");
    return env.Undefined();
  }
  const long order = syscall(SYS_kcmp, *one, *other, *type, 0UL, 0UL);
  if (order < 0) {
    ThrowErrno(env, errno, "kcmp");
    return env.Undefined();
  }
  return Napi::Number::New(env, static_cast<double>(order));
}

Napi::Value StatAsKnown(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto path = ToText(info[0]);
  if (!path) {
    ThrowTypeError(env, "statAsKnown: path must be a string");
    return env.Undefined();
  }
  struct statx found = {};
  if (syscall(SYS_statx, AT_FDCWD, path->c_str(), AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT,
              STATX_BASIC_STATS, &found) != 0) {
    ThrowErrno(env, errno, "statx", *path);
    return env.Undefined();
  }
  Napi::Object status = Napi::Object::New(env);
  const auto set = [&](const char* name, std::uint64_t value) {
    status.Set(name, Napi::BigInt::New(env, value));
  };
  set("dev", ToDevice(found.stx_dev_major, found.stx_dev_minor));
  set("ino", found.stx_ino);
  set("mode", found.stx_mode);
  set("uid", found.stx_uid);
  set("size", found.stx_size);
  set("blocks", found.stx_blocks);
  set("blksize", found.stx_blksize);
  return status;
}

}  // namespace hugepool
