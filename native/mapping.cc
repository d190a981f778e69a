#include "mapping.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "arguments.h"
#include "call-requests.h"
#include "errno.h"
#include "visit-result.h"

namespace hugepool {

namespace {

// Of one environment. Only the addon makes mappings: JavaScript can get at the constructor by way
// of an object, but not at the area that it takes.
struct Maker {
  Napi::FunctionReference constructor;
  std::shared_ptr<Area> area;
};

}  // namespace

void Mapping::Init(Napi::Env env) {
  auto constructor = DefineClass(
      env, "Mapping",
      {InstanceAccessor<&Mapping::Address>("address"), InstanceAccessor<&Mapping::Pages>("pages"),
       InstanceMethod<&Mapping::Touch>("touch"), InstanceMethod<&Mapping::Touched>("touched"),
       InstanceMethod<&Mapping::Stop>("stop"), InstanceMethod<&Mapping::Write>("write"),
       InstanceMethod<&Mapping::Verify>("verify"), InstanceMethod<&Mapping::Nodes>("nodes"),
       InstanceMethod<&Mapping::Unmap>("unmap")});
  env.SetInstanceData(new Maker{Napi::Persistent(constructor), nullptr});
}

Settle Mapping::Of(NewArea made) {
  return [made = std::move(made)](Napi::Env env, const Napi::Promise::Deferred& deferred) {
    if (made.failure) return deferred.Reject(ErrnoError(env, made.failure).Value());
    auto* maker = env.GetInstanceData<Maker>();
    maker->area = made.area;
    deferred.Resolve(maker->constructor.New({}));
  };
}

Mapping::Mapping(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Mapping>(info) {
  area_ = std::exchange(info.Env().GetInstanceData<Maker>()->area, nullptr);
  if (!area_) ThrowTypeError(info.Env(), "Mapping: made by map and attachSegment only");
}

// Threads that still touch the area keep it until they have ended.
Mapping::~Mapping() {
  if (run_) run_->Stop();
}

Napi::Value Mapping::Address(const Napi::CallbackInfo& info) {
  const auto address = reinterpret_cast<std::uintptr_t>(area_->page(0));
  return Napi::BigInt::New(info.Env(), static_cast<uint64_t>(address));
}

Napi::Value Mapping::Pages(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(area_->pages()));
}

bool Mapping::Idle(Napi::Env env, const char* call) const {
  if (unmapped_) {
    ThrowErrno(env, EFAULT, call);
    return false;
  }
  if (run_ && !run_->over()) {
    ThrowErrno(env, EBUSY, call);
    return false;
  }
  return true;
}

Napi::Value Mapping::Start(Napi::Env env, RunRequest request, Visit visit,
                           std::shared_ptr<Difference> difference) {
  run_ = std::make_shared<PageRun>(area_, std::move(request), std::move(visit));
  // Forgotten by JavaScript, a mapping stops; but not while somebody waits for the result.
  Ref();
  return Aside(env, [this, run = run_, difference = std::move(difference)]() -> Settle {
    const RunResult result = run->Work();
    const std::size_t offset = difference ? difference->offset() : 0;
    return [this, result, offset](Napi::Env env, const Napi::Promise::Deferred& deferred) {
      Unref();
      if (result.setup) return Nothing(result.setup)(env, deferred);
      deferred.Resolve(ToObject(env, result, offset));
    };
  });
}

Napi::Value Mapping::Touch(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto request = ToTouchRequest(info[0], area_->pages());
  if (!request || !Idle(env, "touch")) return env.Undefined();
  return Start(env, request->run, request->populate ? PopulateVisit(area_) : StoreVisit(area_));
}

Napi::Value Mapping::Touched(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), run_ ? static_cast<double>(run_->pages()) : 0);
}

void Mapping::Stop(const Napi::CallbackInfo&) {
  if (run_) run_->Stop();
}

Napi::Value Mapping::Write(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto request = ToRunRequest("write", info, area_->pages());
  if (!request || !Idle(env, "write")) return env.Undefined();
  return Start(env, *request, WriteVisit(area_));
}

Napi::Value Mapping::Verify(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto request = ToRunRequest("verify", info, area_->pages());
  if (!request || !Idle(env, "verify")) return env.Undefined();
  const auto difference = std::make_shared<Difference>();
  return Start(env, *request, VerifyVisit(area_, difference), difference);
}

Napi::Value Mapping::Nodes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto range = ToPageRange("nodes", info[0], info[1], area_->pages());
  if (!range) return env.Undefined();
  if (unmapped_) {
    ThrowErrno(env, EFAULT, "move_pages");
    return env.Undefined();
  }
  Napi::Array nodes = Napi::Array::New(env, range->to - range->from);
  // In parts, so that no memory is allocated however large the mapping.
  constexpr std::size_t kPart = 512;
  std::array<void*, kPart> pages;
  std::array<int, kPart> status;
  for (std::size_t begin = range->from; begin < range->to; begin += kPart) {
    const std::size_t count = std::min(kPart, range->to - begin);
    for (std::size_t i = 0; i < count; i++) pages[i] = area_->page(begin + i);
    if (syscall(SYS_move_pages, 0, count, pages.data(), nullptr, status.data(), 0) != 0) {
      ThrowErrno(env, errno, "move_pages");
      return env.Undefined();
    }
    for (std::size_t i = 0; i < count; i++) {
      nodes.Set(static_cast<uint32_t>(begin - range->from + i), status[i]);
    }
  }
  return nodes;
}

Napi::Value Mapping::Unmap(const Napi::CallbackInfo& info) {
  unmapped_ = true;
  if (run_) run_->Stop();
  return Aside(info.Env(), [area = area_, run = run_]() -> Settle {
    // What a thread still holds is given back when it ends.
    const bool all = !run || run->Wait();
    return Nothing({all ? area->Release() : 0, "munmap"});
  });
}

}  // namespace hugepool
