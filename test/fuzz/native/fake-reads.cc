#include <algorithm>
#include <cmath>
#include <cstring>

#include "fake-napi.h"

using fake::Handle;
using fake::Of;
using fake::world;

namespace {

napi_status Get(napi_value object, const std::string& name, napi_value* result) {
  if (world->exception != nullptr) return napi_pending_exception;
  fake::Expect(Of(object)->type == napi_object || Of(object)->type == napi_function,
               "only an object is asked for a field");
  fake::Value* field = fake::Field(Of(object), name);
  if (field->throws) return fake::ThrowForeign();
  *result = Handle(field);
  return napi_ok;
}

}  // namespace

// The functions of Node that read a value. Those that run JavaScript refuse while an exception is
// pending, as those of Node do.
extern "C" {

napi_status napi_typeof(napi_env, napi_value value, napi_valuetype* result) {
  *result = Of(value)->type;
  return napi_ok;
}

napi_status napi_is_array(napi_env, napi_value value, bool* result) {
  *result = Of(value)->array;
  return napi_ok;
}

napi_status napi_get_array_length(napi_env, napi_value value, uint32_t* result) {
  if (!Of(value)->array) return napi_array_expected;
  *result = static_cast<uint32_t>(Of(value)->number);
  return napi_ok;
}

napi_status napi_get_value_double(napi_env, napi_value value, double* result) {
  if (Of(value)->type != napi_number) return napi_number_expected;
  *result = Of(value)->number;
  return napi_ok;
}

// What is not finite is 0, and the rest is taken modulo 2**32.
napi_status napi_get_value_int32(napi_env, napi_value value, int32_t* result) {
  if (Of(value)->type != napi_number) return napi_number_expected;
  const double number = Of(value)->number;
  const double rest = std::isfinite(number) ? std::fmod(std::trunc(number), 4294967296.0) : 0;
  *result = static_cast<int32_t>(static_cast<uint32_t>(static_cast<int64_t>(rest)));
  return napi_ok;
}

napi_status napi_get_value_bool(napi_env, napi_value value, bool* result) {
  if (Of(value)->type != napi_boolean) return napi_boolean_expected;
  *result = Of(value)->number != 0;
  return napi_ok;
}

napi_status napi_get_value_bigint_int64(napi_env, napi_value value, int64_t* result,
                                        bool* lossless) {
  const fake::Value* bigint = Of(value);
  if (bigint->type != napi_bigint) return napi_bigint_expected;
  const uint64_t word = bigint->words.empty() ? 0 : bigint->words[0];
  const uint64_t limit = (uint64_t{1} << 63) - (bigint->negative ? 0 : 1);
  *lossless = bigint->words.size() <= 1 && word <= limit;
  *result = static_cast<int64_t>(bigint->negative ? uint64_t{0} - word : word);
  return napi_ok;
}

napi_status napi_get_value_string_utf8(napi_env, napi_value value, char* buffer, size_t size,
                                       size_t* result) {
  if (Of(value)->type != napi_string) return napi_string_expected;
  const std::string& text = Of(value)->text;
  if (buffer == nullptr) {
    *result = text.size();
    return napi_ok;
  }
  if (size == 0) return napi_ok;
  const size_t length = std::min(size - 1, text.size());
  std::memcpy(buffer, text.data(), length);
  buffer[length] = 0;
  if (result != nullptr) *result = length;
  return napi_ok;
}

napi_status napi_get_named_property(napi_env, napi_value object, const char* name,
                                    napi_value* result) {
  return Get(object, name, result);
}

napi_status napi_get_property(napi_env, napi_value object, napi_value key, napi_value* result) {
  return Get(object, Of(key)->text, result);
}

napi_status napi_get_element(napi_env, napi_value object, uint32_t index, napi_value* result) {
  return Get(object, std::to_string(index), result);
}

napi_status napi_has_property(napi_env, napi_value, napi_value, bool* result) {
  *result = false;
  return napi_ok;
}

}  // extern "C"
