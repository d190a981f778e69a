#pragma once

#include <napi.h>

#include <cstddef>

#include "page-visitor.h"

namespace hugepool {

// Touched of src/kernel/mapping.ts. `offset` belongs to the page that differs, if one does.
Napi::Object ToObject(Napi::Env env, const RunResult& result, std::size_t offset);

}  // namespace hugepool
