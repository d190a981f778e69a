#pragma once

namespace hugepool {

// A system call that did not work: a positive errno, taken right after the call, and its name.
struct Failure {
  int error = 0;
  const char* syscall = "";

  explicit operator bool() const { return error != 0; }
};

}  // namespace hugepool
