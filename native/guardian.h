#pragma once

#include <sys/types.h>

#include <cstddef>
#include <ctime>

#include "descriptor.h"
#include "failure.h"

namespace hugepool {

// A process that makes a SysV segment. It removes the segment where its parent ends in any way,
// kill -9 included, before the parent has removed it.
class Guardian {
 public:
  // Calls shmget(2) for a private segment, in a child process.
  Guardian(std::size_t bytes, int flags);
  ~Guardian() { Remove(); }
  Guardian(const Guardian&) = delete;
  Guardian& operator=(const Guardian&) = delete;

  Failure failure() const { return failure_; }
  int segment() const { return segment_; }

  // Removes the segment, now or with its last detachment, and ends the guardian process.
  Failure Remove();

 private:
  void Receive();
  void RemoveUntold() const;

  const std::time_t started_;
  const std::size_t bytes_;
  Descriptor socket_;
  pid_t child_ = -1;
  int segment_ = -1;
  Failure failure_;
};

}  // namespace hugepool
