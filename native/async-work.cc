#include "async-work.h"

#include <memory>
#include <utility>

#include "errno.h"
#include "thread.h"

namespace hugepool {
namespace {

using Deferred = Napi::Promise::Deferred;

// env is null where the environment is closing: then nobody waits any more.
void OnMain(Napi::Env env, Napi::Function, Deferred* deferred, Settle* settle) {
  const std::unique_ptr<Settle> owned(settle);
  if (static_cast<napi_env>(env) == nullptr) return;
  (*settle)(env, *deferred);
}

using Channel = Napi::TypedThreadSafeFunction<Deferred, Settle, OnMain>;

void Send(Channel& channel, Settle settle) {
  auto message = std::make_unique<Settle>(std::move(settle));
  if (channel.BlockingCall(message.get()) == napi_ok) message.release();
  channel.Release();
}

}  // namespace

Napi::Value RunAsync(Napi::Env env, std::function<Settle()> work) {
  auto* deferred = new Deferred(env);
  const Napi::Value promise = deferred->Promise();
  auto channel = Channel::New(env, "hugepool", 0, 1, deferred,
                              [](Napi::Env, void*, Deferred* context) { delete context; });
  const int error = StartDetached([channel, work]() mutable {
    Settle settle = work();
    // Before the promise settles, so that what the work held is free then.
    work = nullptr;
    Send(channel, std::move(settle));
  });
  // Without a thread it is done here: to give memory back must not fail for want of one.
  if (error != 0) Send(channel, work());
  return promise;
}

Settle SettleUndefined(Failure failure) {
  return [failure](Napi::Env env, const Deferred& deferred) {
    if (failure) return deferred.Reject(ErrnoError(env, failure).Value());
    deferred.Resolve(env.Undefined());
  };
}

}  // namespace hugepool
