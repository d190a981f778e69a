#pragma once

#include <sys/types.h>

#include <cstddef>

#include "descriptor.h"
#include "failure.h"

namespace hugepool {

// A process that makes a SysV segment and removes it as soon as its parent lets go of it: by
// Remove, or by ending in any way, kill -9 included.
class Guardian {
 public:
  // shmget(2) of a private segment, in a child.
  Guardian(std::size_t bytes, int flags);
  ~Guardian() { Remove(); }
  Guardian(const Guardian&) = delete;
  Guardian& operator=(const Guardian&) = delete;

  Failure failure() const { return failure_; }
  int segment() const { return segment_; }

  // Has the segment removed: at once, or by the kernel with its last detachment.
  Failure Remove();

 private:
  void Receive();

  Descriptor line_;
  pid_t child_ = -1;
  int segment_ = -1;
  Failure failure_;
};

}  // namespace hugepool
