#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/shm.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <functional>
#include <string>

#include "arguments.h"
#include "calls.h"
#include "descriptor.h"
#include "errno-error.h"
#include "read-all.h"
#include "thread.h"

namespace hugepool {
namespace {

Failure Enter(const std::string& path) {
  if (path.empty()) return {};
  const Descriptor space(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (space.number() < 0) return {errno, "open"};
  if (setns(space.number(), CLONE_NEWIPC) != 0) return {errno, "setns"};
  return {};
}

// Runs a call on a thread of its own in the namespace, so that this thread stays where it is.
Failure Within(const std::string& path, const std::function<Failure()>& call) {
  Failure failure;
  pthread_t thread;
  const int error = StartThread(
      [&] {
        failure = Enter(path);
        if (!failure) failure = call();
      },
      &thread);
  if (error != 0) return {error, "pthread_create"};
  pthread_join(thread, nullptr);
  return failure;
}

}  // namespace

Napi::Value IpcFile(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto space = ToText(info[0]);
  const auto path = ToText(info[1]);
  if (!space || !path) {
    ThrowTypeError(env, "ipcFile: space and path must be strings");
    return env.Undefined();
  }
  std::string text;
  if (const Failure failure =
          Within(*space, [&] { return ReadAll(AT_FDCWD, path->c_str(), &text); })) {
    ThrowErrno(env, failure.error, failure.syscall, *space);
    return env.Undefined();
  }
  return Napi::String::New(env, text);
}

Napi::Value AtSegment(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto space = ToText(info[0]);
  const auto id = ToInt(info[1]);
  if (!space || !id || !info[2].IsFunction()) {
    ThrowTypeError(env, "atSegment: space must be a string, id an integer, look a function");
    return env.Undefined();
  }
  void* address = nullptr;
  const Failure failure = Within(*space, [&]() -> Failure {
    address = shmat(*id, nullptr, SHM_RDONLY);
    if (reinterpret_cast<std::intptr_t>(address) == -1) return {errno, "shmat"};
    return {};
  });
  if (failure) {
    ThrowErrno(env, failure.error, failure.syscall);
    return env.Undefined();
  }
  const auto number = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(address));
  info[2].As<Napi::Function>().Call({Napi::BigInt::New(env, number)});
  shmdt(address);
  return env.Undefined();
}

}  // namespace hugepool
