#include <cstdint>

#include "arguments.h"
#include "request-arguments.h"

namespace hugepool {
namespace {

// Reads the fields that mappings and segments have in common.
std::optional<MapRequest> ToCommonRequest(const char* call, const Napi::Value& value) {
  const Napi::Env env = value.Env();
  if (!value.IsObject()) return WrongArgument(env, call, "the request must be an object");
  const auto object = value.As<Napi::Object>();
  const auto bytes = ToSize(object.Get("bytes"));
  const auto page_size = ToPageSize(object.Get("pageSize"));
  if (!page_size) return WrongArgument(env, call, "pageSize must be a power of two from 4096 on");
  if (!bytes || *bytes == 0 || *bytes % *page_size != 0) {
    return WrongArgument(env, call, "bytes must be whole pages");
  }
  const auto noreserve = ToFlag(object.Get("noreserve"));
  if (!noreserve) return WrongArgument(env, call, "noreserve must be a boolean");
  const Napi::Value forks = object.Get("forks");
  if (forks.IsEmpty()) return std::nullopt;
  const auto has_child = forks.IsUndefined() ? false : ToFlag(forks);
  if (!has_child) return WrongArgument(env, call, "forks must be a boolean");
  const auto policy = ToMaybePolicy(call, object.Get("policy"));
  if (!policy.valid) return std::nullopt;
  MapRequest request;
  request.memory.bytes = *bytes;
  request.memory.page_size = *page_size;
  request.memory.noreserve = *noreserve;
  request.memory.forks = *has_child;
  request.policy = policy.policy;
  return request;
}

std::optional<NodeMask> ToMask(const Napi::Array& nodes) {
  NodeMask mask{};
  for (uint32_t i = 0; i < nodes.Length(); i++) {
    const auto node = ToInt(nodes.Get(i));
    if (!node || *node < 0 || *node >= kMaxNodes) return std::nullopt;
    mask[*node / kWordBits] |= 1UL << (*node % kWordBits);
  }
  return mask;
}

}  // namespace

std::optional<std::size_t> ToPageSize(const Napi::Value& value) {
  const auto size = ToSize(value);
  // The minimum is the smallest base page there is, so that every page of mapped memory is aligned.
  if (!size || *size < 4096 || (*size & (*size - 1)) != 0) return std::nullopt;
  return size;
}

std::optional<Policy> ToPolicy(const char* call, const Napi::Value& mode,
                               const Napi::Value& nodes) {
  const auto number = ToInt(mode);
  const Napi::Env env = mode.Env();
  if (!number || nodes.IsEmpty() || !nodes.IsArray()) {
    return WrongArgument(env, call, "mode must be an integer and nodes an array");
  }
  const auto mask = ToMask(nodes.As<Napi::Array>());
  if (!mask) return WrongArgument(env, call, "nodes must be integers from 0 to 1023");
  return Policy{*number, *mask};
}

MaybePolicy ToMaybePolicy(const char* call, const Napi::Value& value) {
  if (value.IsEmpty()) return {};
  if (value.IsUndefined()) return {std::nullopt, true};
  if (!value.IsObject()) {
    WrongArgument(value.Env(), call, "policy must be an object");
    return {};
  }
  const auto object = value.As<Napi::Object>();
  const auto policy = ToPolicy(call, object.Get("mode"), object.Get("nodes"));
  return {policy, policy.has_value()};
}

std::optional<MapRequest> ToSegmentRequest(const Napi::Value& value) {
  return ToCommonRequest("attachSegment", value);
}

std::optional<MapRequest> ToMapRequest(const Napi::Value& value) {
  constexpr const char* kCall = "map";
  auto request = ToCommonRequest(kCall, value);
  if (!request) return std::nullopt;
  const Napi::Env env = value.Env();
  const auto object = value.As<Napi::Object>();
  const auto shared = ToFlag(object.Get("shared"));
  const auto populate = ToFlag(object.Get("populate"));
  if (!shared || !populate)
    return WrongArgument(env, kCall, "shared and populate must be booleans");
  const Napi::Value descriptor = object.Get("descriptor");
  if (descriptor.IsEmpty()) return std::nullopt;
  if (!descriptor.IsUndefined()) {
    const auto number = ToInt(descriptor);
    if (!number || *number < 0)
      return WrongArgument(env, kCall, "descriptor must be a file descriptor");
    request->memory.descriptor = *number;
  }
  const Napi::Value offset = object.Get("offset");
  if (offset.IsEmpty()) return std::nullopt;
  if (!offset.IsUndefined()) {
    const auto bytes = ToSize(offset);
    if (!bytes || *bytes % request->memory.page_size != 0)
      return WrongArgument(env, kCall, "offset must be whole pages");
    request->memory.offset = *bytes;
  }
  request->memory.shared = *shared;
  request->memory.populate = *populate;
  return request;
}

}  // namespace hugepool
