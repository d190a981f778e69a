#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstring>

#include "../../../native/async-work.h"
#include "../../../native/mapping.h"
#include "../../../native/policy.h"
#include "../../../native/read-all.h"
#include "../../../native/shm-segment.h"
#include "../../../native/thread.h"
#include "fake-napi.h"

// The functions of the C library that make system calls, under the names that run.sh gives them in
// the objects of native. They make none: each holds what it is given against the arguments, and the
// bytes of the fuzzer say whether it fails.
namespace {

using fake::Expect;
using fake::world;

void Note(const std::string& what) { world->trace += what + ' '; }

void Number(double number) {
  const auto is = [&](const fake::Value* value) {
    return value->type == napi_number && value->number == number;
  };
  Expect(std::any_of(world->made.begin(), world->made.end(), is), "a number is that of JavaScript");
  Note(std::to_string(number));
}

void Text(const char* text) {
  const auto is = [&](const fake::Value* value) {
    return value->type == napi_string && value->text == text;
  };
  Expect(std::any_of(world->made.begin(), world->made.end(), is), "a text is that of JavaScript");
  Note(text);
}

void Time(const timespec& time) {
  Expect(time.tv_nsec >= 0 && time.tv_nsec < 1000000000, "nanoseconds are below a second");
  const auto whole = static_cast<__int128>(time.tv_sec) * 1000000000 + time.tv_nsec;
  const auto is = [&](const fake::Value* value) {
    if (value->type != napi_bigint || value->words.size() > 1) return false;
    const __int128 word = value->words.empty() ? 0 : static_cast<__int128>(value->words[0]);
    return (value->negative ? -word : word) == whole;
  };
  Expect(std::any_of(world->made.begin(), world->made.end(), is), "a time is that of JavaScript");
}

// Where the bytes have ended, calls fail, so that every loop ends.
int Answer(int success = 0) {
  if (world->bytes.ConsumeBool()) return success;
  world->failures++;
  errno = ENOENT;
  return -1;
}

}  // namespace

extern "C" {

off_t fake_lseek(int fd, off_t offset, int whence) {
  Number(fd), Number(static_cast<double>(offset)), Number(whence);
  return Answer(7);
}

int fake_linkat(int, const char* from, int, const char* path, int) {
  Note(from);
  Text(path);
  return Answer();
}

int fake_futimens(int fd, const timespec* times) {
  Number(fd), Time(times[0]), Time(times[1]);
  return Answer();
}

int fake_flock(int fd, int operation) {
  Number(fd), Number(operation);
  return Answer();
}

int fake_fcntl(int fd, int command, ...) {
  Number(fd);
  if (command == F_SETLEASE) {
    va_list rest;
    va_start(rest, command);
    Number(va_arg(rest, int));
    va_end(rest);
  }
  return command == F_GETLEASE ? Answer(1) : Answer();
}

int fake_getgrouplist(const char* name, gid_t group, gid_t* groups, int* count) {
  Text(name), Number(group);
  const int wanted = world->bytes.ConsumeIntegralInRange(0, 64);
  const int room = *count;
  *count = wanted;
  std::fill(groups, groups + std::min(room, wanted), group);
  return wanted > room ? -1 : wanted;
}

uid_t fake_getuid() { return 1; }
uid_t fake_geteuid() { return 2; }
gid_t fake_getgid() { return 3; }
gid_t fake_getegid() { return 4; }

int fake_getgroups(int size, gid_t* groups) {
  if (size > 0) std::fill(groups, groups + size, 5);
  return Answer(3);
}

// What is put back is the own, which the functions above tell.
int fake_setgroups(std::size_t size, const gid_t* groups) {
  const bool own = size == 3 && groups[0] == 5;
  for (std::size_t i = 0; i < size && !own; i++) Number(groups[i]);
  return Answer();
}

int fake_setresgid(gid_t real, gid_t group, gid_t saved) {
  Expect(saved == static_cast<gid_t>(-1), "the saved group stays");
  if (real != 3) Number(real), Number(group);
  return Answer();
}

int fake_setresuid(uid_t real, uid_t user, uid_t saved) {
  Expect(saved == static_cast<uid_t>(-1), "the saved user stays");
  if (real != 1 && real != static_cast<uid_t>(-1)) Number(real), Number(user);
  return Answer();
}

int fake_memfd_create(const char* name, unsigned int flags) {
  Text(name);
  const unsigned int order = flags >> 26;
  Expect(order >= 12 && order < 53, "the flags have the logarithm of a page size");
  Number(static_cast<double>(std::uint64_t{1} << order));
  return Answer(9);
}

int fake_open(const char* path, int, ...) {
  Note(path);
  return Answer(10);
}

int fake_close(int) { return 0; }
int fake_setns(int, int) { return Answer(); }
int fake_unshare(int) { return Answer(); }
int fake_ioctl(int, unsigned long, ...) { return Answer(11); }
int fake_pthread_join(pthread_t, void**) { return 0; }

void* fake_shmat(int id, const void*, int) {
  Number(id);
  return reinterpret_cast<void*>(static_cast<std::intptr_t>(Answer(4096)));
}

int fake_shmdt(const void*) { return 0; }

int fake_shmctl(int id, int, ...) {
  Number(id);
  return Answer();
}

int fake_mount(const char* source, const char* target, const char* type, unsigned long flags,
               const void* data) {
  Text(source), Text(target), Text(type), Number(static_cast<double>(flags));
  Text(static_cast<const char*>(data));
  return Answer();
}

int fake_umount2(const char* target, int flags) {
  Text(target), Number(flags);
  return Answer();
}

long fake_syscall(long number, ...) {
  int success = 0;
  va_list rest;
  va_start(rest, number);
  const auto integer = [&] { Number(va_arg(rest, int)); };
  const auto text = [&] {
    const char* given = va_arg(rest, const char*);
    if (given != nullptr) Text(given);
  };
  if (number == SYS_set_mempolicy) {
    integer();
    const auto* mask = va_arg(rest, const unsigned long*);
    for (std::size_t i = 0; mask != nullptr && i < hugepool::NodeMask().size(); i++)
      Note(std::to_string(mask[i]));
  } else if (number == SYS_fsopen) {
    text();
    success = 12;
  } else if (number == SYS_fsconfig) {
    integer(), integer(), text(), text();
  } else if (number == SYS_fsmount) {
    integer(), va_arg(rest, unsigned int), integer();
    success = 12;
  } else if (number == SYS_move_mount) {
    integer(), va_arg(rest, const char*), va_arg(rest, int), text();
  } else if (number == SYS_kcmp) {
    integer(), integer(), integer();
    success = 2;
  } else if (number == SYS_renameat2) {
    integer(), text(), integer(), text();
  } else if (number == SYS_statx) {
    va_arg(rest, int), text();
  } else {
    Expect(false, "the system call is known here");
  }
  va_end(rest);
  return Answer(success);
}

}  // extern "C"

namespace hugepool {

int StartThread(std::function<void()> body, pthread_t* thread) {
  *thread = pthread_self();
  if (Answer() != 0) return EAGAIN;
  body();
  return 0;
}

Failure ReadAll(int, const char* path, std::string* text) {
  if (Answer() != 0) return {ENOENT, "read"};
  *text = path;
  return {};
}

// What is done on a thread is dropped: only the arguments are of interest here.
Napi::Value RunAsync(Napi::Env env, std::function<Settle()>) { return env.Undefined(); }
Settle SettleUndefined(Failure) { std::abort(); }
Settle Mapping::Of(NewMemory) { std::abort(); }
NewMemory MapMemory(const MemoryRequest&) { std::abort(); }
NewMemory AttachSegment(const MemoryRequest&) { std::abort(); }
bool CanPopulate() { return Answer() == 0; }

}  // namespace hugepool
