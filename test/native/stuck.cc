// Pages that never come, without a kernel that has such ones (6.7 to 7.2 at the
// limit of a memory cgroup with memory_hugetlb_accounting):
//   stuck refault|wait store|populate|write [stop]
// touches 8 pages by two threads, of which page 5 is refaulted for ever or
// waits for ever, and prints what became of it.
//   stuck late
// interrupts a thread whose guard is given up before the signal is taken.

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>

#include "../../native/mapped-memory.h"
#include "../../native/page-visitor.h"
#include "../../native/visit-kinds.h"

namespace {

using hugepool::MappedMemory;
using hugepool::PageVisitor;

constexpr std::size_t kPages = 8;
constexpr std::size_t kStuck = 5;

// The access is tried again and again, with a moment in user mode in between.
bool Refault(MappedMemory &memory) {
  std::signal(SIGSEGV, [](int) {});
  return mprotect(memory.page(kStuck), memory.page_size(), PROT_NONE) == 0;
}

// The access sleeps in the kernel: interruptible from user mode, only killable
// within madvise(2).
bool Wait(MappedMemory &memory) {
  const long fd = syscall(SYS_userfaultfd, O_CLOEXEC);
  uffdio_api api{};
  api.api = UFFD_API;
  uffdio_register range{};
  range.range.start = reinterpret_cast<std::uintptr_t>(memory.page(kStuck));
  range.range.len = memory.page_size();
  range.mode = UFFDIO_REGISTER_MODE_MISSING;
  const auto number = static_cast<int>(fd);
  return fd >= 0 && ioctl(number, UFFDIO_API, &api) == 0 &&
         ioctl(number, UFFDIO_REGISTER, &range) == 0;
}

hugepool::Visit VisitOf(const std::string &way, const std::shared_ptr<MappedMemory> &memory) {
  if (way == "populate") return hugepool::PopulateVisit(memory);
  return way == "write" ? hugepool::WriteVisit(memory) : hugepool::StoreVisit(memory);
}

std::shared_ptr<MappedMemory> Map() {
  const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void *pages =
      mmap(nullptr, kPages * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return nullptr;
  hugepool::MemoryRequest request;
  request.bytes = kPages * size;
  request.page_size = size;
  return std::make_shared<MappedMemory>(pages, request, MappedMemory::Kind::kMapping);
}

// As on a processor that takes the signal late: it waits until the thread can
// take it.
int Late() {
  const hugepool::FaultSignals signals;
  hugepool::FaultGuard guard(nullptr, 0);
  sigset_t all;
  sigfillset(&all);
  std::binary_semaphore bound{0};
  std::binary_semaphore sent{0};
  std::thread late([&] {
    guard.Bind();
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    bound.release();
    sent.acquire();
    hugepool::FaultGuard::Unbind();
    pthread_sigmask(SIG_UNBLOCK, &all, nullptr);
  });
  bound.acquire();
  guard.Interrupt(late.native_handle(), 1);
  sent.release();
  late.join();
  std::puts("over");
  return 0;
}

}  // namespace

int main(int argc, char **argv) {
  if (argc == 2 && argv[1] == std::string("late")) return Late();
  if (argc < 3) return 2;
  const auto memory = Map();
  if (!memory || !(argv[1] == std::string("wait") ? Wait(*memory) : Refault(*memory))) return 3;
  hugepool::VisitRequest request;
  request.to = kPages;
  request.threads = 2;
  const bool stop = argc > 3;
  request.patience = std::chrono::duration<double>(stop ? 60 : 0.3);
  const auto run = std::make_shared<PageVisitor>(memory, request, VisitOf(argv[2], memory));
  std::thread stopper;
  if (stop) {
    stopper = std::thread([&run] {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      run->Stop();
    });
  }
  const auto result = run->Work();
  if (stopper.joinable()) stopper.join();
  const bool left = !run->Wait();
  const std::string failed = result.failed_page ? std::to_string(*result.failed_page) : "none";
  std::printf("failed %s fault %d stopped %d left %d soon %d released %d\n", failed.c_str(),
              result.fault, result.stopped, left, result.seconds < 2, left ? 0 : memory->Release());
  std::fflush(stdout);
  // As hugepool ends: a thread that was left behind ends with the process.
  _exit(0);
}
