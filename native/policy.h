#pragma once

#include <array>
#include <climits>
#include <cstddef>

namespace hugepool {

// NODES_SHIFT is at most 10 (mm/Kconfig and the architectures' own), so no kernel has more nodes.
constexpr int kMaxNodes = 1024;
constexpr int kWordBits = sizeof(unsigned long) * CHAR_BIT;

// Both calls use maxnode - 1 bits (get_nodes and copy_nodes_to_user in mm/mempolicy.c).
constexpr unsigned long kMaxnode = kMaxNodes + 1;

// unsigned long, not bytes: the kernel reads and writes the mask in words of its own byte order.
using NodeMask = std::array<unsigned long, kMaxNodes / kWordBits>;

// A memory policy of a thread, as set_mempolicy(2) takes it.
struct Policy {
  int mode = 0;
  NodeMask nodes{};
};

// set_mempolicy(2) of the calling thread: 0 or an errno.
int SetPolicy(const Policy& policy);

}  // namespace hugepool
