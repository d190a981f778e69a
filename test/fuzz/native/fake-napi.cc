#include "fake-napi.h"

#include <uv.h>

#include <cstdlib>

using fake::Handle;
using fake::New;
using fake::Of;
using fake::world;

namespace {

napi_status Error(napi_value message, const char* kind, napi_value* result) {
  fake::Value* error = New(napi_object);
  error->text = kind + Of(message)->text;
  *result = Handle(error);
  return napi_ok;
}

}  // namespace

// The functions of Node that make, change and throw values, and those of libuv for errors.
extern "C" {

napi_status napi_set_named_property(napi_env, napi_value object, const char* name,
                                    napi_value value) {
  if (world->exception != nullptr) return napi_pending_exception;
  Of(object)->fields[name] = Of(value);
  return napi_ok;
}

napi_status napi_set_element(napi_env, napi_value, uint32_t, napi_value) {
  return world->exception != nullptr ? napi_pending_exception : napi_ok;
}

napi_status napi_set_property(napi_env, napi_value, napi_value, napi_value) {
  return world->exception != nullptr ? napi_pending_exception : napi_ok;
}

napi_status napi_define_properties(napi_env, napi_value, size_t, const napi_property_descriptor*) {
  return napi_ok;
}

napi_status napi_get_undefined(napi_env, napi_value* result) {
  *result = Handle(New(napi_undefined));
  return napi_ok;
}

napi_status napi_get_boolean(napi_env, bool flag, napi_value* result) {
  *result = Handle(New(napi_boolean));
  Of(*result)->number = flag;
  return napi_ok;
}

napi_status napi_create_object(napi_env, napi_value* result) {
  *result = Handle(New(napi_object));
  return napi_ok;
}

napi_status napi_create_array(napi_env, napi_value* result) {
  *result = Handle(fake::Array(0));
  return napi_ok;
}

napi_status napi_create_double(napi_env, double number, napi_value* result) {
  *result = Handle(fake::Number(number));
  return napi_ok;
}

napi_status napi_create_bigint_uint64(napi_env, uint64_t number, napi_value* result) {
  *result = Handle(New(napi_bigint));
  Of(*result)->words = {number};
  return napi_ok;
}

napi_status napi_create_string_utf8(napi_env, const char* text, size_t length, napi_value* result) {
  *result = Handle(
      fake::Text(length == NAPI_AUTO_LENGTH ? std::string(text) : std::string(text, length)));
  return napi_ok;
}

// What a buffer has is of no interest: no reader takes one.
napi_status napi_create_buffer_copy(napi_env, size_t, const void*, void**, napi_value* result) {
  *result = Handle(New(napi_object));
  return napi_ok;
}

napi_status napi_get_typedarray_info(napi_env, napi_value, napi_typedarray_type* type, size_t* size,
                                     void** data, napi_value*, size_t*) {
  if (type != nullptr) *type = napi_uint8_array;
  if (size != nullptr) *size = 0;
  if (data != nullptr) *data = nullptr;
  return napi_ok;
}

napi_status napi_create_function(napi_env, const char*, size_t, napi_callback call, void* data,
                                 napi_value* result) {
  *result = Handle(New(napi_function));
  Of(*result)->call = call;
  Of(*result)->data = data;
  return napi_ok;
}

napi_status napi_add_finalizer(napi_env, napi_value, void* data, napi_finalize finalize, void*,
                               napi_ref*) {
  world->finalizers.emplace_back(finalize, data);
  return napi_ok;
}

napi_status napi_call_function(napi_env, napi_value, napi_value, size_t, const napi_value*,
                               napi_value* result) {
  if (world->exception != nullptr) return napi_pending_exception;
  if (world->bytes.ConsumeBool()) return fake::ThrowForeign();
  *result = Handle(New(napi_undefined));
  return napi_ok;
}

napi_status napi_create_error(napi_env, napi_value, napi_value message, napi_value* result) {
  return Error(message, "Error: ", result);
}

napi_status napi_create_type_error(napi_env, napi_value, napi_value message, napi_value* result) {
  return Error(message, "TypeError: ", result);
}

napi_status napi_throw(napi_env, napi_value error) {
  if (world->exception != nullptr) return napi_pending_exception;
  world->exception = Of(error);
  return napi_ok;
}

napi_status napi_is_exception_pending(napi_env, bool* result) {
  *result = world->exception != nullptr;
  return napi_ok;
}

napi_status napi_get_and_clear_last_exception(napi_env, napi_value* result) {
  *result = Handle(world->exception != nullptr ? world->exception : New(napi_undefined));
  world->exception = nullptr;
  return napi_ok;
}

napi_status napi_get_last_error_info(napi_env, const napi_extended_error_info** result) {
  static const napi_extended_error_info info = {"", nullptr, 0, napi_pending_exception};
  *result = &info;
  return napi_ok;
}

napi_status napi_create_reference(napi_env, napi_value value, uint32_t, napi_ref* result) {
  world->references++;
  *result = reinterpret_cast<napi_ref>(value);
  return napi_ok;
}

napi_status napi_delete_reference(napi_env, napi_ref) {
  world->references--;
  return napi_ok;
}

napi_status napi_get_reference_value(napi_env, napi_ref reference, napi_value* result) {
  *result = reinterpret_cast<napi_value>(reference);
  return napi_ok;
}

napi_status napi_open_handle_scope(napi_env, napi_handle_scope* result) {
  *result = nullptr;
  return napi_ok;
}

napi_status napi_close_handle_scope(napi_env, napi_handle_scope) { return napi_ok; }

napi_status napi_open_escapable_handle_scope(napi_env, napi_escapable_handle_scope* result) {
  *result = nullptr;
  return napi_ok;
}

napi_status napi_close_escapable_handle_scope(napi_env, napi_escapable_handle_scope) {
  return napi_ok;
}

napi_status napi_escape_handle(napi_env, napi_escapable_handle_scope, napi_value value,
                               napi_value* result) {
  *result = value;
  return napi_ok;
}

napi_status napi_get_cb_info(napi_env, napi_callback_info info, size_t* count, napi_value* values,
                             napi_value* self, void** data) {
  const auto* given = reinterpret_cast<const fake::Arguments*>(info);
  for (size_t i = 0; values != nullptr && i < *count; i++) {
    values[i] = Handle(i < given->values.size() ? given->values[i] : New(napi_undefined));
  }
  *count = given->values.size();
  if (self != nullptr) *self = Handle(New(napi_undefined));
  if (data != nullptr) *data = given->data;
  return napi_ok;
}

void napi_fatal_error(const char*, size_t, const char* message, size_t) {
  fake::Expect(false, message);
  std::abort();
}

int uv_translate_sys_error(int error) { return -error; }
const char* uv_err_name(int) { return "ECODE"; }
const char* uv_strerror(int) { return "words"; }

}  // extern "C"
