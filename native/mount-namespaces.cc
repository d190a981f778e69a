#include <fcntl.h>
#include <linux/ioctl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>
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

// These are struct mnt_ns_info and its requests, which the kernel has since 6.12
// (include/uapi/linux/nsfs.h).
struct NamespaceInfo {
  std::uint32_t size;
  std::uint32_t mounts;
  std::uint64_t id;
};
constexpr unsigned long kNext = _IOR(0xb7, 11, NamespaceInfo);
constexpr unsigned long kPrevious = _IOR(0xb7, 12, NamespaceInfo);

// Goes from one namespace to the next by a request, until there is none or `visit` wants no more.
// No more than two are open at once, however many there are.
Failure Walk(int from, unsigned long request, const std::function<bool(int)>& visit) {
  Descriptor at;
  for (;;) {
    NamespaceInfo info = {sizeof(info), 0, 0};
    const int next = ioctl(at.number() < 0 ? from : at.number(), request, &info);
    if (next < 0) return errno == ENOENT ? Failure{} : Failure{errno, "ioctl"};
    at = Descriptor(next);
    if (!visit(next)) return {};
  }
}

Failure WalkAll(const std::function<bool(int)>& visit) {
  const Descriptor own(open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
  if (own.number() < 0) return {errno, "open"};
  if (const Failure failure = Walk(own.number(), kNext, visit)) return failure;
  return Walk(own.number(), kPrevious, visit);
}

struct Sight {
  Descriptor root;
  std::string table;
};

// Runs on a thread that ends after it. The descriptor that it opens belongs to the whole process.
Failure LookInto(const std::string& space, Sight* sight) {
  // The namespace need not have a /proc.
  const Descriptor proc(open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (proc.number() < 0) return {errno, "open"};
  const Descriptor entry(open(space.c_str(), O_RDONLY | O_CLOEXEC));
  if (entry.number() < 0) return {errno, "open"};
  // setns(2) refuses a thread that shares its root with others, because all of them would get
  // another.
  if (unshare(CLONE_FS) != 0) return {errno, "unshare"};
  if (setns(entry.number(), CLONE_NEWNS) != 0) return {errno, "setns"};
  if (const Failure failure = ReadAll(proc.number(), "thread-self/mountinfo", &sight->table)) {
    return failure;
  }
  sight->root = Descriptor(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (sight->root.number() < 0) return {errno, "open"};
  return {};
}

}  // namespace

void EachMountNamespace(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsFunction()) {
    return ThrowTypeError(env, "eachMountNamespace: visit must be a function");
  }
  const auto visit = info[0].As<Napi::Function>();
  const Failure failure = WalkAll([&](int space) {
    if (env.IsExceptionPending()) return false;
    visit.Call({Napi::Number::New(env, space)});
    return !env.IsExceptionPending();
  });
  if (failure && !env.IsExceptionPending()) ThrowErrno(env, failure.error, failure.syscall);
}

Napi::Value LookIntoMounts(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto space = ToText(info[0]);
  if (!space) {
    ThrowTypeError(env, "lookIntoMounts: space must be a string");
    return env.Undefined();
  }
  Sight sight;
  Failure failure;
  pthread_t thread;
  const int error = StartThread([&] { failure = LookInto(*space, &sight); }, &thread);
  if (error != 0) {
    ThrowErrno(env, error, "pthread_create");
    return env.Undefined();
  }
  pthread_join(thread, nullptr);
  if (failure) {
    ThrowErrno(env, failure.error, failure.syscall, *space);
    return env.Undefined();
  }
  Napi::Object seen = Napi::Object::New(env);
  seen.Set("table", Napi::Buffer<char>::Copy(env, sight.table.data(), sight.table.size()));
  seen.Set("root", Napi::Number::New(env, sight.root.Release()));
  return seen;
}

}  // namespace hugepool
