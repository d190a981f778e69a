#pragma once

#include <pthread.h>

#include <functional>

namespace hugepool {

// Starts a thread by pthread_create; returns 0 or an errno, where std::thread would throw (EAGAIN
// at RLIMIT_NPROC or pids.max). The new thread takes only the signals of its own faults.
int StartThread(std::function<void()> body, pthread_t* thread);

// Starts a thread as StartThread does, but one that nobody joins.
int StartDetached(std::function<void()> body);

}  // namespace hugepool
