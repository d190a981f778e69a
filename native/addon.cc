#include <napi.h>

#include "calls.h"

namespace {

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("flock", Napi::Function::New<hugepool::Flock>(env, "flock"));
  exports.Set("setMempolicy", Napi::Function::New<hugepool::SetMempolicy>(env, "setMempolicy"));
  exports.Set("getMempolicy", Napi::Function::New<hugepool::GetMempolicy>(env, "getMempolicy"));
  return exports;
}

}  // namespace

NODE_API_MODULE(hugepool, Init)
