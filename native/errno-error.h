#pragma once

#include <napi.h>

#include <string>

#include "failure.h"

namespace hugepool {

// Makes an Error like those of node:fs.
Napi::Error ErrnoError(Napi::Env env, Failure failure, const std::string& path = "");

// Throws an Error like those of node:fs. The caller takes `error`, a positive errno, right after
// the system call: anything in between, Node-API included, may overwrite errno.
void ThrowErrno(Napi::Env env, int error, const char* syscall, const std::string& path = "");

}  // namespace hugepool
