#pragma once

#include <string>

#include "failure.h"

namespace hugepool {

// Reads a whole file of procfs, whose size stat(2) does not tell. The path is taken from
// `directory`, which can be AT_FDCWD.
Failure ReadAll(int directory, const char* path, std::string* text);

}  // namespace hugepool
