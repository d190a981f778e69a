#pragma once

#include <napi.h>

#include <string>

namespace hugepool {

// Makes the pending exception an Error like those of node:fs. `error` is a positive errno, taken by
// the caller right after the call: anything in between, Node-API included, may overwrite it.
void ThrowErrno(Napi::Env env, int error, const char* syscall, const std::string& path = "");

}  // namespace hugepool
