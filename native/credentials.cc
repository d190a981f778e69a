#include <grp.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "arguments.h"
#include "calls.h"
#include "errno-error.h"
#include "failure.h"

namespace hugepool {
namespace {

struct Credentials {
  uid_t real_user = 0;
  uid_t user = 0;
  gid_t real_group = 0;
  gid_t group = 0;
  std::vector<gid_t> groups;
};

// This number is no id: setresuid(2) leaves unchanged each id that is given as it.
constexpr uid_t kSame = static_cast<uid_t>(-1);

std::optional<uid_t> ToId(const Napi::Value& value) {
  const auto number = ToSize(value);
  if (!number || *number >= kSame) return std::nullopt;
  return static_cast<uid_t>(*number);
}

std::optional<std::vector<gid_t>> ToIds(const Napi::Value& value) {
  if (value.IsEmpty() || !value.IsArray()) return std::nullopt;
  const auto list = value.As<Napi::Array>();
  std::vector<gid_t> ids;
  for (std::uint32_t index = 0; index < list.Length(); ++index) {
    const auto id = ToId(list.Get(index));
    if (!id) return std::nullopt;
    ids.push_back(*id);
  }
  return ids;
}

Failure ReadGroups(std::vector<gid_t>& groups) {
  const int count = getgroups(0, nullptr);
  if (count < 0) return {errno, "getgroups"};
  groups.resize(static_cast<std::size_t>(count));
  if (count > 0 && getgroups(count, groups.data()) < 0) return {errno, "getgroups"};
  return {};
}

// The groups come first, because the privilege to change them goes with the user.
Failure Leave(const Credentials& other) {
  if (setgroups(other.groups.size(), other.groups.data()) != 0) return {errno, "setgroups"};
  if (setresgid(other.real_group, other.group, kSame) != 0) return {errno, "setresgid"};
  if (setresuid(other.real_user, other.user, kSame) != 0) return {errno, "setresuid"};
  return {};
}

// The user comes first: its id was kept as the saved one, and brings back the privilege that the
// rest needs.
Failure Return(const Credentials& own) {
  if (setresuid(kSame, own.user, kSame) != 0) return {errno, "setresuid"};
  if (setresgid(own.real_group, own.group, kSame) != 0) return {errno, "setresgid"};
  if (setgroups(own.groups.size(), own.groups.data()) != 0) return {errno, "setgroups"};
  if (setresuid(own.real_user, own.user, kSame) != 0) return {errno, "setresuid"};
  return {};
}

void ThrowFailure(Napi::Env env, const Failure& failure) {
  ErrnoError(env, failure).ThrowAsJavaScriptException();
}

}  // namespace

Napi::Value GroupsOf(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto name = ToText(info[0]);
  const auto group = ToId(info[1]);
  if (!name || !group) {
    ThrowTypeError(env, "groupsOf: name must be a string, and group an id");
    return env.Undefined();
  }
  std::vector<gid_t> groups(16);
  int count = static_cast<int>(groups.size());
  while (getgrouplist(name->c_str(), *group, groups.data(), &count) < 0) {
    groups.resize(static_cast<std::size_t>(count));
  }
  Napi::Array list = Napi::Array::New(env);
  for (int index = 0; index < count; ++index) {
    list.Set(static_cast<std::uint32_t>(index),
             Napi::Number::New(env, groups[static_cast<std::size_t>(index)]));
  }
  return list;
}

Napi::Value ActAs(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto user = ToId(info[0]);
  const auto group = ToId(info[1]);
  auto groups = ToIds(info[2]);
  if (!user || !group || !groups) {
    ThrowTypeError(env, "actAs: user and group must be ids, and groups a list of them");
    return env.Undefined();
  }
  Credentials own = {getuid(), geteuid(), getgid(), getegid(), {}};
  if (const auto failure = ReadGroups(own.groups)) {
    ThrowFailure(env, failure);
    return env.Undefined();
  }
  if (const auto failure = Leave({*user, *user, *group, *group, std::move(*groups)})) {
    Return(own);
    ThrowFailure(env, failure);
    return env.Undefined();
  }
  return Napi::Function::New(env, [own](const Napi::CallbackInfo& called) {
    if (const auto failure = Return(own)) ThrowFailure(called.Env(), failure);
  });
}

}  // namespace hugepool
