#pragma once

#include <csignal>

namespace hugepool {

// Closes the descriptors of the parent except the socket and the standard streams, in a child of
// fork(2). Neither the parent's locks nor the socket of another child may outlive the parent.
void CloseOthers(int socket);

// Blocks all signals of the calling thread while the object exists. The handlers of the parent
// write to pipes that a child shares with it.
class SignalsBlocked {
 public:
  SignalsBlocked();
  ~SignalsBlocked();
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace hugepool
