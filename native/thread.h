#pragma once

#include <pthread.h>

#include <functional>

namespace hugepool {

// pthread_create: 0 or an errno, where std::thread would throw (EAGAIN at RLIMIT_NPROC or
// pids.max). The new thread takes no signal but those of its own faults.
int StartThread(std::function<void()> body, pthread_t* thread);

// As StartThread; nobody joins it.
int StartDetached(std::function<void()> body);

}  // namespace hugepool
