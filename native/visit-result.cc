#include "visit-result.h"

#include <uv.h>

#include <string>

#include "visit-kinds.h"

namespace hugepool {
namespace {

std::string NameOf(int fault) {
  if (fault == kBusError) return "SIGBUS";
  if (fault == kInterrupted) return "STUCK";
  // libuv does not know EHWPOISON, which the kernel has since 2.6.32.
  if (fault == EHWPOISON) return "EHWPOISON";
  return uv_err_name(uv_translate_sys_error(fault));
}

}  // namespace

Napi::Object ToObject(Napi::Env env, const VisitResult& result, std::size_t offset) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("pages", static_cast<double>(result.pages));
  object.Set("seconds", result.seconds);
  if (result.failed_page) {
    Napi::Object failure = Napi::Object::New(env);
    failure.Set("page", static_cast<double>(*result.failed_page));
    const bool differs = result.fault == kDiffers;
    if (differs) failure.Set("offset", static_cast<double>(offset));
    if (!differs) failure.Set("errno", NameOf(result.fault));
    object.Set(differs ? "difference" : "failure", failure);
  }
  object.Set("stopped", result.stopped);
  object.Set("reached", static_cast<double>(result.reached));
  return object;
}

}  // namespace hugepool
