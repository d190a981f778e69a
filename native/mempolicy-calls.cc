#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <optional>

#include "arguments.h"
#include "calls.h"
#include "errno-error.h"
#include "policy.h"
#include "request-arguments.h"

namespace hugepool {
namespace {

Napi::Array ToArray(Napi::Env env, const NodeMask& mask) {
  Napi::Array nodes = Napi::Array::New(env);
  for (int node = 0; node < kMaxNodes; node++) {
    const bool set = mask[node / kWordBits] >> (node % kWordBits) & 1;
    if (set) nodes.Set(nodes.Length(), Napi::Number::New(env, node));
  }
  return nodes;
}

}  // namespace

void SetMempolicy(const Napi::CallbackInfo& info) {
  const auto policy = ToPolicy("setMempolicy", info[0], info[1]);
  if (!policy) return;
  const int error = SetPolicy(*policy);
  if (error != 0) ThrowErrno(info.Env(), error, "set_mempolicy");
}

Napi::Value GetMempolicy(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  int mode = 0;
  NodeMask mask{};
  // The call fails with EINVAL where maxnode is below nr_node_ids (kernel_get_mempolicy in
  // mm/mempolicy.c).
  if (syscall(SYS_get_mempolicy, &mode, mask.data(), kMaxnode, nullptr, 0UL) != 0) {
    ThrowErrno(env, errno, "get_mempolicy");
    return env.Undefined();
  }
  Napi::Object policy = Napi::Object::New(env);
  policy.Set("mode", mode);
  policy.Set("nodes", ToArray(env, mask));
  return policy;
}

}  // namespace hugepool
