#include "policy.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace hugepool {

int SetPolicy(const Policy& policy) {
  // maxnode 0 is valid only with a null mask. The kernel subtracts 1 from it first, and with a mask
  // the wrapped number gives EINVAL.
  const bool none = policy.nodes == NodeMask{};
  const auto* words = none ? nullptr : policy.nodes.data();
  const long answer = syscall(SYS_set_mempolicy, policy.mode, words, none ? 0 : kMaxnode);
  return answer == 0 ? 0 : errno;
}

}  // namespace hugepool
