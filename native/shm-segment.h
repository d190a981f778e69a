#pragma once

#include "mapped-memory.h"

namespace hugepool {

// Anonymous SysV shared memory of HugeTLB pages, attached and already marked for removal.
NewArea AttachSegment(const AreaRequest& request);

}  // namespace hugepool
