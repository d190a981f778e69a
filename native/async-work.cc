#include "async-work.h"

#include <memory>
#include <utility>

#include "errno-error.h"
#include "thread.h"

namespace hugepool {
namespace {

using Deferred = Napi::Promise::Deferred;

// env is null while the environment closes; then nobody waits for the result.
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
    // The work is dropped before the promise settles, so that what it held is free by then.
    work = nullptr;
    Send(channel, std::move(settle));
  });
  // Where no thread can be started, the work is done here: giving memory back must not fail for
  // lack of a thread.
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
