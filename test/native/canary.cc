// Writes past the end of its memory when it is loaded: a check that lets this pass checks nothing.
#include <cstdlib>

namespace {

__attribute__((constructor)) void Overrun() {
  volatile char* bytes = static_cast<char*>(std::malloc(8));
  bytes[8] = 1;
}

}  // namespace
