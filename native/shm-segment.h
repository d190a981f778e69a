#pragma once

#include "mapped-memory.h"

namespace hugepool {

// Makes anonymous SysV shared memory of HugeTLB pages, attached and already marked for removal.
NewMemory AttachSegment(const MemoryRequest& request);

}  // namespace hugepool
