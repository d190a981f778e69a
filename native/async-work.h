#pragma once

#include <napi.h>

#include <functional>

#include "failure.h"

namespace hugepool {

// Settles the promise; runs on the main thread.
using Settle = std::function<void(Napi::Env env, const Napi::Promise::Deferred& deferred)>;

// Runs `work`, which must not touch JavaScript, on its own thread, and returns a promise of its
// result. The event loop stays alive until then, but the end of the process does not wait for it.
Napi::Value RunAsync(Napi::Env env, std::function<Settle()> work);

// Resolves with undefined, or rejects with the failure.
Settle SettleUndefined(Failure failure);

}  // namespace hugepool
