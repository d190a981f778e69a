#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "arguments.h"
#include "calls.h"
#include "errno-error.h"

// glibc has these calls since 2.36. The kernel has them since 5.2, with the same numbers on every
// architecture.
#ifndef SYS_move_mount
#define SYS_move_mount 429
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#endif

namespace hugepool {
namespace {

// The C library does not have these constants of include/uapi/linux/mount.h everywhere.
constexpr unsigned int kFsopenCloexec = 1;
constexpr unsigned int kFsmountCloexec = 1;
constexpr unsigned int kMoveMountFromEmptyPath = 4;

const char* OrNull(const std::optional<std::string>& text) {
  return text ? text->c_str() : nullptr;
}

}  // namespace

Napi::Value Fsopen(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto type = ToText(info[0]);
  if (!type) {
    ThrowTypeError(env, "fsopen: type must be a string");
    return env.Undefined();
  }
  const long fd = syscall(SYS_fsopen, type->c_str(), kFsopenCloexec);
  if (fd < 0) {
    ThrowErrno(env, errno, "fsopen");
    return env.Undefined();
  }
  return Napi::Number::New(env, static_cast<double>(fd));
}

void Fsconfig(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto context = ToInt(info[0]);
  const auto command = ToInt(info[1]);
  const auto key = ToText(info[2]);
  const auto value = ToText(info[3]);
  const bool wrong_key = !info[2].IsUndefined() && !key;
  const bool wrong_value = !info[3].IsUndefined() && !value;
  if (!context || !command || wrong_key || wrong_value) {
    return ThrowTypeError(env, "fsconfig: context and command must be integers, the rest strings");
  }
  if (syscall(SYS_fsconfig, *context, *command, OrNull(key), OrNull(value), 0) != 0) {
    ThrowErrno(env, errno, "fsconfig");
  }
}

Napi::Value Fsmount(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto context = ToInt(info[0]);
  const auto attributes = ToInt(info[1]);
  if (!context || !attributes) {
    ThrowTypeError(env, "fsmount: context and attributes must be integers");
    return env.Undefined();
  }
  const long fd = syscall(SYS_fsmount, *context, kFsmountCloexec, *attributes);
  if (fd < 0) {
    ThrowErrno(env, errno, "fsmount");
    return env.Undefined();
  }
  return Napi::Number::New(env, static_cast<double>(fd));
}

void MoveMount(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto mount = ToInt(info[0]);
  const auto target = ToText(info[1]);
  if (!mount || !target) {
    return ThrowTypeError(env, "moveMount: mount must be an integer and target a string");
  }
  if (syscall(SYS_move_mount, *mount, "", AT_FDCWD, target->c_str(), kMoveMountFromEmptyPath) !=
      0) {
    ThrowErrno(env, errno, "move_mount", *target);
  }
}

void Mount(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto source = ToText(info[0]);
  const auto target = ToText(info[1]);
  const auto type = ToText(info[2]);
  const auto flags = ToInt(info[3]);
  const auto data = ToText(info[4]);
  if (!source || !target || !type || !flags || *flags < 0 || !data) {
    return ThrowTypeError(env, "mount: flags must be an integer, the rest strings");
  }
  const auto bits = static_cast<unsigned long>(*flags);
  if (mount(source->c_str(), target->c_str(), type->c_str(), bits, data->c_str()) != 0) {
    ThrowErrno(env, errno, "mount", *target);
  }
}

void Umount(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto target = ToText(info[0]);
  const auto flags = ToInt(info[1]);
  if (!target || !flags) {
    return ThrowTypeError(env, "umount: target must be a string and flags an integer");
  }
  if (umount2(target->c_str(), *flags) != 0) ThrowErrno(env, errno, "umount2", *target);
}

}  // namespace hugepool
