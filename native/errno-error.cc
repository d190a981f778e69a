#include "errno-error.h"

#include <uv.h>

#include <string>

namespace hugepool {

Napi::Error ErrnoError(Napi::Env env, Failure failure, const std::string& path) {
  const int status = uv_translate_sys_error(failure.error);
  const std::string code = uv_err_name(status);
  const std::string where = path.empty() ? "" : " '" + path + "'";
  const std::string message = code + ": " + uv_strerror(status) + ", " + failure.syscall + where;
  Napi::Error exception = Napi::Error::New(env, message);
  exception.Set("errno", Napi::Number::New(env, status));
  exception.Set("code", Napi::String::New(env, code));
  exception.Set("syscall", Napi::String::New(env, failure.syscall));
  if (!path.empty()) exception.Set("path", Napi::String::New(env, path));
  return exception;
}

void ThrowErrno(Napi::Env env, int error, const char* syscall, const std::string& path) {
  ErrnoError(env, {error, syscall}, path).ThrowAsJavaScriptException();
}

}  // namespace hugepool
