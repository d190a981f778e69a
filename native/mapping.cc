#include "mapping.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "arguments.h"
#include "errno-error.h"
#include "request-arguments.h"
#include "visit-result.h"

namespace hugepool {

namespace {

// The maker belongs to one environment. Only the addon makes mappings: JavaScript can reach the
// constructor through an object, but not the memory that the constructor takes.
struct Maker {
  Napi::FunctionReference constructor;
  std::shared_ptr<MappedMemory> memory;
};

}  // namespace

void Mapping::Init(Napi::Env env) {
  auto constructor = DefineClass(
      env, "Mapping",
      {InstanceAccessor<&Mapping::Address>("address"), InstanceAccessor<&Mapping::Pages>("pages"),
       InstanceMethod<&Mapping::Touch>("touch"), InstanceMethod<&Mapping::Touched>("touched"),
       InstanceMethod<&Mapping::Stop>("stop"), InstanceMethod<&Mapping::Write>("write"),
       InstanceMethod<&Mapping::Verify>("verify"), InstanceMethod<&Mapping::Store>("store"),
       InstanceMethod<&Mapping::Nodes>("nodes"), InstanceMethod<&Mapping::Fork>("fork"),
       InstanceMethod<&Mapping::EndFork>("endFork"), InstanceMethod<&Mapping::Unmap>("unmap")});
  env.SetInstanceData(new Maker{Napi::Persistent(constructor), nullptr});
}

Settle Mapping::Of(NewMemory made) {
  return [made = std::move(made)](Napi::Env env, const Napi::Promise::Deferred& deferred) {
    if (made.failure) return deferred.Reject(ErrnoError(env, made.failure).Value());
    auto* maker = env.GetInstanceData<Maker>();
    maker->memory = made.memory;
    deferred.Resolve(maker->constructor.New({}));
  };
}

Mapping::Mapping(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Mapping>(info) {
  memory_ = std::exchange(info.Env().GetInstanceData<Maker>()->memory, nullptr);
  if (!memory_) ThrowTypeError(info.Env(), "Mapping: made by map and attachSegment only");
}

// Threads that still touch the memory keep it until they have ended.
Mapping::~Mapping() {
  if (visitor_) visitor_->Stop();
}

Napi::Value Mapping::Address(const Napi::CallbackInfo& info) {
  const auto address = reinterpret_cast<std::uintptr_t>(memory_->page(0));
  return Napi::BigInt::New(info.Env(), static_cast<uint64_t>(address));
}

Napi::Value Mapping::Pages(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(memory_->pages()));
}

bool Mapping::Idle(Napi::Env env, const char* call) const {
  if (unmapped_) {
    ThrowErrno(env, EFAULT, call);
    return false;
  }
  if (visitor_ && !visitor_->over()) {
    ThrowErrno(env, EBUSY, call);
    return false;
  }
  return true;
}

Napi::Value Mapping::Start(Napi::Env env, VisitRequest request, Visit visit,
                           std::shared_ptr<Difference> difference) {
  visitor_ = std::make_shared<PageVisitor>(memory_, std::move(request), std::move(visit));
  // A mapping to which JavaScript no longer refers stops, but not while somebody waits for the
  // result.
  Ref();
  return RunAsync(env, [this, visitor = visitor_, difference = std::move(difference)]() -> Settle {
    const VisitResult result = visitor->Work();
    const std::size_t offset = difference ? difference->offset() : 0;
    return [this, result, offset](Napi::Env env, const Napi::Promise::Deferred& deferred) {
      Unref();
      if (result.setup) return SettleUndefined(result.setup)(env, deferred);
      deferred.Resolve(ToObject(env, result, offset));
    };
  });
}

Napi::Value Mapping::Touch(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto request = ToTouchRequest(info[0], memory_->pages());
  if (!request || !Idle(env, "touch")) return env.Undefined();
  return Start(env, request->visit,
               request->populate ? PopulateVisit(memory_) : StoreVisit(memory_));
}

Napi::Value Mapping::Touched(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), visitor_ ? static_cast<double>(visitor_->pages()) : 0);
}

void Mapping::Stop(const Napi::CallbackInfo&) {
  if (forked_) forked_->Stop();
  if (visitor_) visitor_->Stop();
}

Napi::Value Mapping::Write(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto request = ToVisitRequest("write", info, memory_->pages());
  if (!request || !Idle(env, "write")) return env.Undefined();
  return Start(env, *request, WriteVisit(memory_));
}

Napi::Value Mapping::Verify(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto request = ToVisitRequest("verify", info, memory_->pages());
  if (!request || !Idle(env, "verify")) return env.Undefined();
  const auto difference = std::make_shared<Difference>();
  return Start(env, *request, VerifyVisit(memory_, difference), difference);
}

void Mapping::Store(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::size_t bytes = memory_->pages() * memory_->page_size();
  const auto offset = ToSize(info[0]);
  if (!offset || !info[1].IsTypedArray()) {
    return ThrowTypeError(env, "store: offset must be an integer and data a Uint8Array");
  }
  const auto array = info[1].As<Napi::TypedArray>();
  const std::size_t length = array.ByteLength();
  if (*offset > bytes || length > bytes - *offset) {
    return ThrowTypeError(env, "store: offset and data must be within the mapping");
  }
  if (length == 0 || !Idle(env, "store")) return;
  const auto* data = static_cast<const std::byte*>(array.ArrayBuffer().Data()) + array.ByteOffset();
  std::byte* place = memory_->page(0) + *offset;
  const FaultSignals signals;
  FaultGuard guard(memory_->page(0), bytes);
  guard.Bind();
  const int fault = guard.Try([place, data, length] {
    std::memcpy(place, data, length);
    return static_cast<int>(kNoFault);
  });
  FaultGuard::Unbind();
  // A system call that stores to such a page fails with EFAULT.
  if (fault != kNoFault) ThrowErrno(env, fault == kBusError ? EFAULT : fault, "store");
}

Napi::Value Mapping::Nodes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto range = ToPageRange("nodes", info[0], info[1], memory_->pages());
  if (!range) return env.Undefined();
  if (unmapped_) {
    ThrowErrno(env, EFAULT, "move_pages");
    return env.Undefined();
  }
  Napi::Array nodes = Napi::Array::New(env, range->to - range->from);
  // The pages are passed in parts, so that no memory is allocated, however large the mapping is.
  constexpr std::size_t kPart = 512;
  std::array<void*, kPart> pages;
  std::array<int, kPart> status;
  for (std::size_t begin = range->from; begin < range->to; begin += kPart) {
    const std::size_t count = std::min(kPart, range->to - begin);
    for (std::size_t i = 0; i < count; i++) pages[i] = memory_->page(begin + i);
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
  if (visitor_) visitor_->Stop();
  EndFork(info);
  return RunAsync(info.Env(), [memory = memory_, visitor = visitor_]() -> Settle {
    // Memory that a thread still holds is given back when the thread ends.
    const bool all = !visitor || visitor->Wait();
    return SettleUndefined({all ? memory->Release() : 0, "munmap"});
  });
}

}  // namespace hugepool
