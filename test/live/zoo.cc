// Holds huge pages in ways that are hard to see, for the live tests:
//   zoo WAY SIZE_SHIFT PAGES [FILE]
// prints `ready PID` and holds PAGES of 2^SIZE_SHIFT bytes until stdin ends. FILE is on a
// hugetlbfs.

#include <fcntl.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <string>

namespace {

// MAP_HUGE_SHIFT of include/uapi/linux/mman.h, SHM_HUGETLB of include/uapi/linux/shm.h.
constexpr int kHugeShift = 26;
constexpr int kShmHuge = 04000;

int shift = 0;
std::size_t pages = 0;
const char* file = nullptr;
int segment = -1;

std::size_t PageSize() { return std::size_t{1} << shift; }
std::size_t Bytes() { return pages << shift; }

void Check(bool good, const char* call) {
  if (good) return;
  std::fprintf(stderr, "zoo: %s: %s\n", call, std::strerror(errno));
  std::exit(1);
}

void Touch(void* area, std::size_t from, std::size_t to) {
  for (std::size_t page = from; page < to; page++) {
    static_cast<volatile char*>(area)[page * PageSize()] = 1;
  }
}

void* Map(std::size_t bytes, int flags, int fd = -1) {
  void* area = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
  Check(area != MAP_FAILED, "mmap");
  return area;
}

int HugeFlags() { return MAP_ANONYMOUS | MAP_HUGETLB | (shift << kHugeShift); }

void* Anonymous(int flags) {
  void* area = Map(Bytes(), flags | HugeFlags());
  Touch(area, 0, pages);
  return area;
}

int Memfd() {
  const int fd = static_cast<int>(
      syscall(SYS_memfd_create, "zoo",
              MFD_CLOEXEC | MFD_HUGETLB | (static_cast<unsigned>(shift) << kHugeShift)));
  Check(fd >= 0, "memfd_create");
  return fd;
}

int Filled(int fd) {
  Check(fallocate(fd, 0, 0, static_cast<off_t>(Bytes())) == 0, "fallocate");
  return fd;
}

int Opened() {
  const int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  Check(fd >= 0, "open");
  return fd;
}

int MakeSegment() {
  segment = shmget(IPC_PRIVATE, Bytes(), IPC_CREAT | 0600 | kShmHuge | (shift << kHugeShift));
  Check(segment >= 0, "shmget");
  return segment;
}

void* Attached() {
  void* area = shmat(MakeSegment(), nullptr, 0);
  Check(reinterpret_cast<std::intptr_t>(area) != -1, "shmat");
  Touch(area, 0, pages);
  return area;
}

// A child that lives as long as this process.
void Child(const std::function<void()>& act) {
  int ready[2];
  Check(pipe(ready) == 0, "pipe");
  const pid_t parent = getpid();
  const pid_t child = fork();
  Check(child >= 0, "fork");
  if (child == 0) {
    act();
    if (write(ready[1], "x", 1) != 1) _exit(1);
    while (getppid() == parent) usleep(20000);
    _exit(0);
  }
  char word;
  Check(read(ready[0], &word, 1) == 1, "read");
  close(ready[0]);
  close(ready[1]);
}

void Wait() {
  while (std::getchar() != EOF) {
  }
  if (segment >= 0) shmctl(segment, IPC_RMID, nullptr);
  std::exit(0);
}

void Ready() {
  std::printf("ready %d\n", static_cast<int>(getpid()));
  std::fflush(stdout);
}

void SendAway(int fd) {
  int ends[2];
  Check(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0, "socketpair");
  char byte = 'x';
  iovec data = {&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message = {};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &fd, sizeof(int));
  Check(sendmsg(ends[0], &message, 0) == 1, "sendmsg");
  close(fd);
}

void PinByRing(void* area) {
  io_uring_params params = {};
  const int ring = static_cast<int>(syscall(SYS_io_uring_setup, 1, &params));
  Check(ring >= 0, "io_uring_setup");
  iovec data = {area, Bytes()};
  Check(syscall(SYS_io_uring_register, ring, IORING_REGISTER_BUFFERS, &data, 1) == 0,
        "io_uring_register");
  munmap(area, Bytes());
}

void PinByPipe(void* area) {
  int ends[2];
  Check(pipe(ends) == 0, "pipe");
  for (std::size_t page = 0; page < pages; page++) {
    iovec data = {static_cast<char*>(area) + page * PageSize(), 4096};
    Check(vmsplice(ends[1], &data, 1, SPLICE_F_NONBLOCK) == 4096, "vmsplice");
  }
  munmap(area, Bytes());
}

void* HoldAlone(void*) {
  Check(unshare(CLONE_FILES) == 0, "unshare");
  Filled(Memfd());
  Ready();
  Wait();
  return nullptr;
}

void* OutliveLeader(void*) {
  Ready();
  Wait();
  return nullptr;
}

void Thread(void* (*body)(void*)) {
  pthread_t thread;
  Check(pthread_create(&thread, nullptr, body, nullptr) == 0, "pthread_create");
}

const std::map<std::string, std::function<void()>> ways = {
    {"private", [] { Anonymous(MAP_PRIVATE); }},
    {"shared", [] { Anonymous(MAP_SHARED); }},
    {"untouched", [] { Map(Bytes(), MAP_PRIVATE | HugeFlags()); }},
    {"untouched-shared", [] { Map(Bytes(), MAP_SHARED | HugeFlags()); }},
    {"noreserve", [] { Map(Bytes(), MAP_PRIVATE | MAP_NORESERVE | HugeFlags()); }},
    {"memfd",
     [] {
       const int fd = Filled(Memfd());
       Touch(Map(Bytes(), MAP_SHARED, fd), 0, pages);
       close(fd);
     }},
    {"memfd-open", [] { Filled(Memfd()); }},
    {"memfd-two",
     [] {
       void* area = Map(Bytes(), MAP_SHARED, Filled(Memfd()));
       Child([area] { Touch(area, 0, pages); });
     }},
    {"file",
     [] {
       const int fd = Filled(Opened());
       Touch(Map(Bytes(), MAP_SHARED, fd), 0, pages);
       close(fd);
     }},
    {"file-private",
     [] {
       const int fd = Filled(Opened());
       Touch(Map(Bytes(), MAP_PRIVATE, fd), 0, pages);
       close(fd);
     }},
    {"file-open", [] { Filled(Opened()); }},
    {"file-left", [] { close(Filled(Opened())); }},
    {"unlinked",
     [] {
       Filled(Opened());
       unlink(file);
     }},
    {"opath",
     [] {
       const int fd = Filled(Opened());
       Check(open(file, O_PATH | O_CLOEXEC) >= 0, "open");
       close(fd);
       unlink(file);
     }},
    {"segment", [] { Attached(); }},
    {"segment-left", [] { shmdt(Attached()); }},
    {"segment-untouched", [] { MakeSegment(); }},
    {"fork",
     [] {
       void* area = Anonymous(MAP_PRIVATE);
       Child([area] { Touch(area, 0, 1); });
     }},
    {"fork-only",
     [] {
       Anonymous(MAP_PRIVATE);
       Child([] {});
     }},
    {"pmd",
     [] {
       // Two of these cover an aligned range of 1 GiB wherever they begin.
       const std::size_t two = std::size_t{2} << 30;
       void* area = Map(two, MAP_SHARED | MAP_NORESERVE | HugeFlags());
       const auto end = reinterpret_cast<std::uintptr_t>(area) + (std::uintptr_t{1} << 30) - 1;
       void* aligned = reinterpret_cast<void*>(end & ~((std::uintptr_t{1} << 30) - 1));
       Touch(aligned, 0, pages);
       Child([aligned] { Touch(aligned, 0, pages); });
     }},
    {"in-flight", [] { SendAway(Filled(Memfd())); }},
    {"ring", [] { PinByRing(Anonymous(MAP_PRIVATE)); }},
    {"pipe", [] { PinByPipe(Anonymous(MAP_PRIVATE)); }},
    {"thread",
     [] {
       Thread(HoldAlone);
       for (;;) pause();
     }},
    {"leaderless",
     [] {
       Anonymous(MAP_PRIVATE);
       Thread(OutliveLeader);
       syscall(SYS_exit, 0);
     }},
    {"vm",
     [] {
       Anonymous(MAP_PRIVATE);
       static char stack[65536];
       const pid_t parent = getpid();
       static pid_t watched;
       watched = parent;
       Check(clone(
                 [](void*) -> int {
                   while (syscall(SYS_getppid) == watched) usleep(20000);
                   return 0;
                 },
                 stack + sizeof(stack), CLONE_VM | SIGCHLD, nullptr) > 0,
             "clone");
     }},
};

}  // namespace

int main(int argc, char** argv) {
  const auto way = argc < 4 ? ways.end() : ways.find(argv[1]);
  if (way == ways.end()) {
    std::fputs("zoo: WAY SIZE_SHIFT PAGES [FILE]\n", stderr);
    return 2;
  }
  shift = std::atoi(argv[2]);
  pages = std::strtoul(argv[3], nullptr, 10);
  file = argc > 4 ? argv[4] : nullptr;
  way->second();
  Ready();
  Wait();
}
