#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "arguments.h"
#include "calls.h"
#include "errno.h"

namespace hugepool {
namespace {

// NODES_SHIFT is at most 10 (mm/Kconfig and the architectures' own), so no kernel has more nodes.
constexpr int kMaxNodes = 1024;
constexpr int kWordBits = sizeof(unsigned long) * CHAR_BIT;

// Both calls use maxnode - 1 bits (get_nodes and copy_nodes_to_user in mm/mempolicy.c).
constexpr unsigned long kMaxnode = kMaxNodes + 1;

// unsigned long, not bytes: the kernel reads and writes the mask in words of its own byte order.
using Mask = std::array<unsigned long, kMaxNodes / kWordBits>;

std::optional<Mask> ToMask(const Napi::Array& nodes) {
  Mask mask{};
  for (uint32_t i = 0; i < nodes.Length(); i++) {
    const auto node = ToInt(nodes.Get(i));
    if (!node || *node < 0 || *node >= kMaxNodes) return std::nullopt;
    mask[*node / kWordBits] |= 1UL << (*node % kWordBits);
  }
  return mask;
}

Napi::Array ToArray(Napi::Env env, const Mask& mask) {
  Napi::Array nodes = Napi::Array::New(env);
  for (int node = 0; node < kMaxNodes; node++) {
    const bool set = mask[node / kWordBits] >> (node % kWordBits) & 1;
    if (set) nodes.Set(nodes.Length(), Napi::Number::New(env, node));
  }
  return nodes;
}

}  // namespace

void SetMempolicy(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto mode = ToInt(info[0]);
  if (!mode || !info[1].IsArray()) {
    return ThrowTypeError(env, "setMempolicy: mode must be an integer and nodes an array");
  }
  const auto nodes = info[1].As<Napi::Array>();
  const auto mask = ToMask(nodes);
  if (!mask) return ThrowTypeError(env, "setMempolicy: nodes must be integers from 0 to 1023");

  // maxnode 0 is right only beside NULL: the kernel takes 1 from it first, and with a mask
  // the wrapped number is EINVAL.
  const bool none = *mask == Mask{};
  const auto* words = none ? nullptr : mask->data();
  if (syscall(SYS_set_mempolicy, *mode, words, none ? 0 : kMaxnode) != 0) {
    ThrowErrno(env, errno, "set_mempolicy");
  }
}

Napi::Value GetMempolicy(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  int mode = 0;
  Mask mask{};
  // EINVAL where maxnode is below nr_node_ids (kernel_get_mempolicy in mm/mempolicy.c).
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
