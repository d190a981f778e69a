#include <algorithm>
#include <cstdint>

#include "arguments.h"
#include "request-arguments.h"

namespace hugepool {
namespace {

// The limit is above the number of processors of any machine. Each thread costs a stack.
constexpr std::size_t kMaxThreads = 8192;

std::optional<std::size_t> ToThreads(const Napi::Value& value) {
  const auto threads = ToSize(value);
  if (!threads || *threads < 1 || *threads > kMaxThreads) return std::nullopt;
  return threads;
}

std::optional<std::chrono::duration<double>> ToPatience(const Napi::Value& value) {
  if (value.IsEmpty() || !value.IsNumber()) return std::nullopt;
  const double seconds = value.As<Napi::Number>().DoubleValue();
  // The limit is a year, which is far below what a duration in nanoseconds holds.
  if (!(seconds > 0 && seconds <= 366.0 * 86400)) return std::nullopt;
  return std::chrono::duration<double>(seconds);
}

std::optional<std::vector<int>> ToCpus(const Napi::Value& value) {
  std::vector<int> cpus;
  if (value.IsEmpty()) return std::nullopt;
  if (value.IsUndefined()) return cpus;
  if (!value.IsArray()) return std::nullopt;
  const auto array = value.As<Napi::Array>();
  // CONFIG_NR_CPUS is at most 8192 (arch/x86/Kconfig has the largest).
  constexpr int kMaxCpus = 8192;
  for (uint32_t i = 0; i < array.Length(); i++) {
    const auto cpu = ToInt(array.Get(i));
    if (!cpu || *cpu < 0 || *cpu >= kMaxCpus) return std::nullopt;
    cpus.push_back(*cpu);
  }
  return cpus;
}

struct Limits {
  std::size_t threads = 1;
  std::chrono::duration<double> patience = VisitRequest().patience;
};

std::optional<Limits> ToLimits(const char* call, const Napi::Object& object) {
  const auto threads = ToThreads(object.Get("threads"));
  const auto patience = ToPatience(object.Get("stuckSeconds"));
  if (!threads || !patience) {
    return WrongArgument(object.Env(), call,
                         "threads must be a positive integer, stuckSeconds be positive");
  }
  return Limits{*threads, *patience};
}

// Starts no more threads than there are pages.
VisitRequest ToVisit(const PageRange& range, const Limits& limits) {
  VisitRequest visit;
  visit.from = range.from;
  visit.to = range.to;
  visit.threads = std::min(limits.threads, range.to - range.from);
  visit.patience = limits.patience;
  return visit;
}

}  // namespace

std::optional<PageRange> ToPageRange(const char* call, const Napi::Value& from,
                                     const Napi::Value& to, std::size_t pages) {
  const auto first = ToSize(from);
  const auto last = ToSize(to);
  if (!first || !last || *first > *last || *last > pages) {
    return WrongArgument(from.Env(), call, "from and to must be pages of the mapping");
  }
  return PageRange{*first, *last};
}

std::optional<VisitRequest> ToVisitRequest(const char* call, const Napi::CallbackInfo& info,
                                           std::size_t pages) {
  const auto range = ToPageRange(call, info[0], info[1], pages);
  if (!range) return std::nullopt;
  if (info[2].IsUndefined()) return ToVisit(*range, {});
  if (!info[2].IsObject()) return WrongArgument(info.Env(), call, "limits must be an object");
  const auto limits = ToLimits(call, info[2].As<Napi::Object>());
  if (!limits) return std::nullopt;
  return ToVisit(*range, *limits);
}

std::optional<TouchRequest> ToTouchRequest(const Napi::Value& value, std::size_t pages) {
  const Napi::Env env = value.Env();
  constexpr const char* kCall = "touch";
  if (!value.IsObject()) return WrongArgument(env, kCall, "the request must be an object");
  const auto request = value.As<Napi::Object>();
  const auto range = ToPageRange(kCall, request.Get("from"), request.Get("to"), pages);
  if (!range) return std::nullopt;
  const auto limits = ToLimits(kCall, request);
  if (!limits) return std::nullopt;
  const auto cpus = ToCpus(request.Get("cpus"));
  if (!cpus) return WrongArgument(env, kCall, "cpus must be an array of integers from 0 to 8191");
  const auto policy = ToMaybePolicy(kCall, request.Get("policy"));
  if (!policy.valid) return std::nullopt;
  const auto way = ToText(request.Get("way"));
  if (way != "populate" && way != "store") {
    return WrongArgument(env, kCall, "way must be 'populate' or 'store'");
  }
  VisitRequest visit = ToVisit(*range, *limits);
  visit.cpus = *cpus;
  visit.policy = policy.policy;
  return TouchRequest{visit, way == "populate"};
}

}  // namespace hugepool
