#pragma once

#include <napi.h>

namespace hugepool {

// flock(fd: number, operation: number): void
void Flock(const Napi::CallbackInfo& info);

// setMempolicy(mode: number, nodes: number[]): void, for the calling thread
void SetMempolicy(const Napi::CallbackInfo& info);

// getMempolicy(): { mode: number, nodes: number[] }, of the calling thread
Napi::Value GetMempolicy(const Napi::CallbackInfo& info);

}  // namespace hugepool
