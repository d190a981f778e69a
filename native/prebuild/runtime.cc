// What a prebuilt addon has of the C++ library, so that it loads where there is none, or another
// one. The addon is compiled without exceptions: where one would be thrown the process ends, here
// as elsewhere.

#include <bits/functexcept.h>
#include <time.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <new>

namespace {

void* Allocated(std::size_t bytes) {
  void* memory = malloc(bytes == 0 ? 1 : bytes);
  if (memory == nullptr) abort();
  return memory;
}

}  // namespace

void* operator new(std::size_t bytes) { return Allocated(bytes); }
void* operator new[](std::size_t bytes) { return Allocated(bytes); }
void operator delete(void* memory) noexcept { free(memory); }
void operator delete[](void* memory) noexcept { free(memory); }
void operator delete(void* memory, std::size_t) noexcept { free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { free(memory); }

extern "C" void __cxa_pure_virtual() { abort(); }

// The headers of glibc 2.32 and later ask it whether atomic operations can be saved. They cannot:
// Node has many threads.
extern "C" char __libc_single_threaded;
char __libc_single_threaded = 0;

namespace std {

void __throw_bad_alloc() { abort(); }
void __throw_bad_array_new_length() { abort(); }
void __throw_bad_function_call() { abort(); }
void __throw_length_error(const char*) { abort(); }
void __throw_logic_error(const char*) { abort(); }
void __throw_out_of_range_fmt(const char*, ...) { abort(); }
void __throw_system_error(int) { abort(); }

// Without run-time type information no type is the one that is asked for; std::make_shared then
// compares addresses.
bool _Sp_make_shared_tag::_S_eq(const type_info&) noexcept { return false; }

namespace chrono {
inline namespace _V2 {
steady_clock::time_point steady_clock::now() noexcept {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return time_point(seconds(now.tv_sec) + nanoseconds(now.tv_nsec));
}
}  // namespace _V2
}  // namespace chrono

}  // namespace std
