#include <cerrno>

#include "errno-error.h"
#include "mapping.h"
#include "request-arguments.h"
#include "visit-result.h"

namespace hugepool {

Napi::Value Mapping::Fork(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto request = ToTouchRequest(info[0], memory_->pages());
  if (!request || !Idle(env, "fork")) return env.Undefined();
  if (forked_ || !memory_->forks()) {
    ThrowErrno(env, forked_ ? EBUSY : EINVAL, "fork");
    return env.Undefined();
  }
  forked_ = std::make_shared<ForkedWriter>(memory_, request->visit);
  if (const Failure failure = forked_->failure()) {
    forked_ = nullptr;
    ThrowErrno(env, failure.error, failure.syscall);
    return env.Undefined();
  }
  return RunAsync(env, [forked = forked_]() -> Settle {
    const VisitResult result = forked->Wait();
    return [result](Napi::Env env, const Napi::Promise::Deferred& deferred) {
      deferred.Resolve(ToObject(env, result, 0));
    };
  });
}

void Mapping::EndFork(const Napi::CallbackInfo&) {
  if (forked_) forked_->End();
  forked_ = nullptr;
}

}  // namespace hugepool
