#pragma once

#include <sys/types.h>

#include <cstddef>
#include <ctime>

#include "descriptor.h"
#include "failure.h"

namespace hugepool {

// A process that makes a SysV segment and removes it when its parent ends in any way, kill -9
// included, before it has removed the segment itself.
class Guardian {
 public:
  // shmget(2) of a private segment, in a child.
  Guardian(std::size_t bytes, int flags);
  ~Guardian() { Remove(); }
  Guardian(const Guardian&) = delete;
  Guardian& operator=(const Guardian&) = delete;

  Failure failure() const { return failure_; }
  int segment() const { return segment_; }

  // Removes the segment, now or with its last detachment, and ends the guardian.
  Failure Remove();

 private:
  void Receive();
  void RemoveUntold() const;

  const std::time_t started_;
  const std::size_t bytes_;
  Descriptor line_;
  pid_t child_ = -1;
  int segment_ = -1;
  Failure failure_;
};

}  // namespace hugepool
