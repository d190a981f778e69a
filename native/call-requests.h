#pragma once

#include <napi.h>

#include <cstddef>
#include <optional>
#include <string>

#include "mapped-memory.h"
#include "page-visitor.h"
#include "policy.h"

namespace hugepool {

// What JavaScript asks for, checked as far as memory and types go. Each throws a TypeError that
// begins with the name of the call, and returns nothing, where a value is not what it must be.

std::optional<Policy> ToPolicy(const char* call, const Napi::Value& mode, const Napi::Value& nodes);

// { mode, nodes } as setMempolicy takes them; present where the value is not undefined.
struct MaybePolicy {
  std::optional<Policy> policy;
  bool valid = false;
};
MaybePolicy ToMaybePolicy(const char* call, const Napi::Value& value);

struct MapRequest {
  MemoryRequest memory;
  std::optional<Policy> policy;  // of the thread that maps
};
std::optional<MapRequest> ToMapRequest(const Napi::Value& value);
std::optional<MapRequest> ToSegmentRequest(const Napi::Value& value);

// A power of two that a page can have.
std::optional<std::size_t> ToPageSize(const Napi::Value& value);

struct TouchRequest {
  VisitRequest visit;
  bool populate = false;
};
std::optional<TouchRequest> ToTouchRequest(const Napi::Value& value, std::size_t pages);

// from, to and perhaps { threads, stuckSeconds }.
std::optional<VisitRequest> ToVisitRequest(const char* call, const Napi::CallbackInfo& info,
                                           std::size_t pages);

struct PageRange {
  std::size_t from;
  std::size_t to;
};
std::optional<PageRange> ToPageRange(const char* call, const Napi::Value& from,
                                     const Napi::Value& to, std::size_t pages);

}  // namespace hugepool
