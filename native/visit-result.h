#pragma once

#include <napi.h>

#include <cstddef>

#include "page-visitor.h"

namespace hugepool {

// Makes the TouchedPages of src/kernel/native/native-mapping.ts. `offset` belongs to the page that
// differs, where there is one.
Napi::Object ToObject(Napi::Env env, const VisitResult& result, std::size_t offset);

}  // namespace hugepool
