#pragma once

#include <napi.h>

#include <string>

#include "failure.h"

namespace hugepool {

// An Error like those of node:fs.
Napi::Error ErrnoError(Napi::Env env, Failure failure, const std::string& path = "");

// Makes the pending exception an Error like those of node:fs. `error` is a positive errno, taken by
// the caller right after the call: anything in between, Node-API included, may overwrite it.
void ThrowErrno(Napi::Env env, int error, const char* syscall, const std::string& path = "");

}  // namespace hugepool
