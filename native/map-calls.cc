#include <sys/mman.h>

#include <cerrno>

#include "arguments.h"
#include "async-work.h"
#include "calls.h"
#include "errno-error.h"
#include "mapping.h"
#include "request-arguments.h"
#include "shm-segment.h"

#ifndef MFD_HUGETLB
#define MFD_HUGETLB 4U
#endif
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8U
#endif

namespace hugepool {
namespace {

// Makes the memory on its own thread. MAP_POPULATE and overcommit may take long, and the policy
// under which the kernel checks the reservation ends with the thread.
Napi::Value Make(Napi::Env env, const MapRequest& request,
                 NewMemory (*make)(const MemoryRequest&)) {
  return RunAsync(env, [request, make]() -> Settle {
    const int error = request.policy ? SetPolicy(*request.policy) : 0;
    if (error != 0) return SettleUndefined({error, "set_mempolicy"});
    return Mapping::Of(make(request.memory));
  });
}

}  // namespace

Napi::Value Map(const Napi::CallbackInfo& info) {
  const auto request = ToMapRequest(info[0]);
  if (!request) return info.Env().Undefined();
  return Make(info.Env(), *request, MapMemory);
}

Napi::Value AttachSegment(const Napi::CallbackInfo& info) {
  const auto request = ToSegmentRequest(info[0]);
  if (!request) return info.Env().Undefined();
  return Make(info.Env(), *request, AttachSegment);
}

Napi::Value Memfd(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto name = ToText(info[0]);
  const auto page_size = ToPageSize(info[1]);
  if (!name || !page_size) {
    ThrowTypeError(env, "memfd: name must be a string, pageSize a power of two from 4096 on");
    return env.Undefined();
  }
  const unsigned int flags = MFD_CLOEXEC | MFD_HUGETLB | SizeFlag(*page_size);
  // vm.memfd_noexec = 2 demands the seal (6.3). Older kernels refuse it with EINVAL.
  int descriptor = memfd_create(name->c_str(), flags | MFD_NOEXEC_SEAL);
  if (descriptor < 0 && errno == EINVAL) descriptor = memfd_create(name->c_str(), flags);
  if (descriptor < 0) {
    ThrowErrno(env, errno, "memfd_create");
    return env.Undefined();
  }
  return Napi::Number::New(env, descriptor);
}

Napi::Value CanPopulate(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), CanPopulate());
}

}  // namespace hugepool
