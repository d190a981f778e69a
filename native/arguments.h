#pragma once

#include <napi.h>

#include <cstddef>
#include <optional>
#include <string>

namespace hugepool {

// Rejects what Node-API would truncate (1.5) or wrap (2**32): fd 2**32 must not become fd 0.
inline std::optional<int> ToInt(const Napi::Value& value) {
  if (value.IsEmpty() || !value.IsNumber()) return std::nullopt;
  const Napi::Number number = value.As<Napi::Number>();
  const int integer = number.Int32Value();
  if (integer != number.DoubleValue()) return std::nullopt;
  return integer;
}

// Rejects a NUL, which would end the string early for the kernel: /mnt\0x must not become /mnt.
inline std::optional<std::string> ToText(const Napi::Value& value) {
  if (value.IsEmpty() || !value.IsString()) return std::nullopt;
  const std::string text = value.As<Napi::String>().Utf8Value();
  if (text.find('\0') != std::string::npos) return std::nullopt;
  return text;
}

// Accepts integers below 2**53. From there on, a number stands for more than one integer.
inline std::optional<std::size_t> ToSize(const Napi::Value& value) {
  if (value.IsEmpty() || !value.IsNumber()) return std::nullopt;
  const double number = value.As<Napi::Number>().DoubleValue();
  constexpr double kLimit = 9007199254740992;
  if (!(number >= 0 && number < kLimit)) return std::nullopt;
  const auto size = static_cast<std::size_t>(number);
  if (static_cast<double>(size) != number) return std::nullopt;
  return size;
}

inline std::optional<bool> ToFlag(const Napi::Value& value) {
  if (value.IsEmpty() || !value.IsBoolean()) return std::nullopt;
  return value.As<Napi::Boolean>().Value();
}

inline void ThrowTypeError(Napi::Env env, const char* message) {
  // An exception that a getter threw belongs to the caller, and is kept.
  if (env.IsExceptionPending()) return;
  Napi::TypeError::New(env, message).ThrowAsJavaScriptException();
}

// Throws a TypeError that names the call, and returns nullopt so that the caller can return it.
inline std::nullopt_t WrongArgument(Napi::Env env, const char* call, const char* what) {
  ThrowTypeError(env, (std::string(call) + ": " + what).c_str());
  return std::nullopt;
}

}  // namespace hugepool
