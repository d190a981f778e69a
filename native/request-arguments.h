#pragma once

#include <napi.h>

#include <cstddef>
#include <optional>
#include <string>

#include "mapped-memory.h"
#include "page-visitor.h"
#include "policy.h"

namespace hugepool {

// Requests from JavaScript, checked for types and for the safety of memory. Where a value is wrong,
// each function throws a TypeError that begins with the name of the call, and returns nothing.

std::optional<Policy> ToPolicy(const char* call, const Napi::Value& mode, const Napi::Value& nodes);

// A policy { mode, nodes }, as setMempolicy takes it; absent where the value is undefined.
struct MaybePolicy {
  std::optional<Policy> policy;
  bool valid = false;
};
MaybePolicy ToMaybePolicy(const char* call, const Napi::Value& value);

struct MapRequest {
  MemoryRequest memory;
  std::optional<Policy> policy;  // the policy of the thread that maps
};
std::optional<MapRequest> ToMapRequest(const Napi::Value& value);
std::optional<MapRequest> ToSegmentRequest(const Napi::Value& value);

// The size of a page: a power of two from 4096 on.
std::optional<std::size_t> ToPageSize(const Napi::Value& value);

struct TouchRequest {
  VisitRequest visit;
  bool populate = false;
};
std::optional<TouchRequest> ToTouchRequest(const Napi::Value& value, std::size_t pages);

// Reads the arguments from, to and, where it is given, { threads, stuckSeconds }.
std::optional<VisitRequest> ToVisitRequest(const char* call, const Napi::CallbackInfo& info,
                                           std::size_t pages);

struct PageRange {
  std::size_t from;
  std::size_t to;
};
std::optional<PageRange> ToPageRange(const char* call, const Napi::Value& from,
                                     const Napi::Value& to, std::size_t pages);

}  // namespace hugepool
