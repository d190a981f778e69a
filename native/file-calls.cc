#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <ctime>

#include "arguments.h"
#include "calls.h"
#include "errno-error.h"

namespace hugepool {
namespace {

constexpr std::int64_t kSecond = 1000000000;

std::optional<std::int64_t> ToNanoseconds(const Napi::Value& value) {
  if (value.IsEmpty() || !value.IsBigInt()) return std::nullopt;
  bool lossless = false;
  const std::int64_t nanoseconds = value.As<Napi::BigInt>().Int64Value(&lossless);
  if (!lossless) return std::nullopt;
  return nanoseconds;
}

// Before 1970 the number of seconds is negative, while the kernel takes no negative
// nanoseconds: the division has to round down. To subtract the rest first would leave the range of
// the type in the second before its least value.
timespec ToTime(std::int64_t nanoseconds) {
  const std::int64_t rest = (nanoseconds % kSecond + kSecond) % kSecond;
  timespec time{};
  time.tv_sec = static_cast<time_t>(nanoseconds / kSecond - (nanoseconds % kSecond < 0 ? 1 : 0));
  time.tv_nsec = static_cast<long>(rest);
  return time;
}

}  // namespace

Napi::Value Seek(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto fd = ToInt(info[0]);
  const auto offset = ToSize(info[1]);
  const auto whence = ToInt(info[2]);
  if (!fd || !offset || !whence) {
    ThrowTypeError(env, "seek: fd, offset and whence must be integers");
    return env.Undefined();
  }
  const off_t at = lseek(*fd, static_cast<off_t>(*offset), *whence);
  if (at < 0) {
    ThrowErrno(env, errno, "lseek");
    return env.Undefined();
  }
  return Napi::Number::New(env, static_cast<double>(at));
}

void LinkDescriptor(const Napi::CallbackInfo& info) {
  const auto fd = ToInt(info[0]);
  const auto path = ToText(info[1]);
  if (!fd || !path) {
    return ThrowTypeError(info.Env(), "linkDescriptor: fd must be an integer and path a string");
  }
  // AT_EMPTY_PATH would need CAP_DAC_READ_SEARCH before 6.10.
  const std::string link = "/proc/self/fd/" + std::to_string(*fd);
  if (linkat(AT_FDCWD, link.c_str(), AT_FDCWD, path->c_str(), AT_SYMLINK_FOLLOW) != 0) {
    ThrowErrno(info.Env(), errno, "linkat", *path);
  }
}

void SetTimes(const Napi::CallbackInfo& info) {
  const auto fd = ToInt(info[0]);
  const auto access = ToNanoseconds(info[1]);
  const auto change = ToNanoseconds(info[2]);
  if (!fd || !access || !change) {
    return ThrowTypeError(info.Env(), "setTimes: fd must be an integer and the times bigints");
  }
  const timespec times[] = {ToTime(*access), ToTime(*change)};
  if (futimens(*fd, times) != 0) ThrowErrno(info.Env(), errno, "futimens");
}

}  // namespace hugepool
