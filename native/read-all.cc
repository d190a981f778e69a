#include "read-all.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "descriptor.h"

namespace hugepool {

Failure ReadAll(int directory, const char* path, std::string* text) {
  const Descriptor file(openat(directory, path, O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return {errno, "open"};
  std::array<char, 16384> block;
  for (;;) {
    const ssize_t length = read(file.number(), block.data(), block.size());
    if (length < 0) return {errno, "read"};
    if (length == 0) return {};
    text->append(block.data(), static_cast<std::size_t>(length));
  }
}

}  // namespace hugepool
