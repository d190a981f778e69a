#pragma once

namespace hugepool {

// A failed system call: its name, and the positive errno that was taken right after it.
struct Failure {
  int error = 0;
  const char* syscall = "";

  explicit operator bool() const { return error != 0; }
};

}  // namespace hugepool
