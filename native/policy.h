#pragma once

#include <array>
#include <climits>
#include <cstddef>

namespace hugepool {

// NODES_SHIFT is at most 10 (mm/Kconfig and the architectures' own), so no kernel has more nodes.
constexpr int kMaxNodes = 1024;
constexpr int kWordBits = sizeof(unsigned long) * CHAR_BIT;

// set_mempolicy and get_mempolicy use maxnode - 1 bits (get_nodes and copy_nodes_to_user in
// mm/mempolicy.c).
constexpr unsigned long kMaxnode = kMaxNodes + 1;

// The elements are no bytes, because the kernel reads and writes the mask in words of its own byte
// order.
using NodeMask = std::array<unsigned long, kMaxNodes / kWordBits>;

// A memory policy of a thread, as set_mempolicy(2) takes it.
struct Policy {
  int mode = 0;
  NodeMask nodes{};
};

// Calls set_mempolicy(2) for the calling thread; returns 0 or an errno.
int SetPolicy(const Policy& policy);

}  // namespace hugepool
