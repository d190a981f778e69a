// What the fuzzer's addon wants of glibc 2.38 and of libstdc++ 13, for systems with older ones.

#include <cstdlib>
// Its static object makes the streams ready, as ios_base_library_init does in libstdc++ 13.
#include <iostream>

extern "C" {

long __isoc23_strtol(const char* text, char** end, int base) { return strtol(text, end, base); }

unsigned long __isoc23_strtoul(const char* text, char** end, int base) {
  return strtoul(text, end, base);
}

void _ZSt21ios_base_library_initv() {}
}
