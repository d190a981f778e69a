// Holds huge pages in ways that are hard to see, for the live tests:
//   zoo SIZE_SHIFT WAY PAGES FILE [WAY PAGES FILE]...
// prints `ready PID` and holds PAGES of 2^SIZE_SHIFT bytes until stdin ends. FILE is on a
// hugetlbfs, or `-` for a way that has none. Whatever ends it, nothing stays but the file. Of
// several each is a process of its own, which says so for itself, and can be killed without the
// others; one that fails ends them all.

#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
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
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace {

// MAP_HUGE_SHIFT of include/uapi/linux/mman.h, SHM_HUGETLB of include/uapi/linux/shm.h.
constexpr int kHugeShift = 26;
constexpr int kShmHuge = 04000;

int shift = 0;
std::size_t pages = 0;
const char* file = nullptr;
int segment = -1;

// Its reading end tells the children of this process when it ends, however it does.
int life[2];

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

// A child that does something, says so, and does `last` when this process is gone.
pid_t Child(
    const std::function<void()>& act, const std::function<void()>& last = [] {}) {
  int ready[2];
  Check(pipe(ready) == 0, "pipe");
  const pid_t child = fork();
  Check(child >= 0, "fork");
  if (child == 0) {
    close(life[1]);
    act();
    if (write(ready[1], "x", 1) != 1) _exit(1);
    // Who waits for the end of this process waits until these are closed.
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO, ready[0], ready[1]}) close(fd);
    char word;
    while (read(life[0], &word, 1) < 0 && errno == EINTR) {
    }
    last();
    _exit(0);
  }
  close(ready[1]);
  char word;
  Check(read(ready[0], &word, 1) == 1, "read");
  close(ready[0]);
  return child;
}

void End(pid_t child) {
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
}

int NewSegment() {
  const int id = shmget(IPC_PRIVATE, Bytes(), IPC_CREAT | 0600 | kShmHuge | (shift << kHugeShift));
  Check(id >= 0, "shmget");
  return id;
}

void* Attached(int id) {
  void* area = shmat(id, nullptr, 0);
  Check(reinterpret_cast<std::intptr_t>(area) != -1, "shmat");
  Touch(area, 0, pages);
  return area;
}

// No process has a segment of its own: a child removes it in the end.
int MakeSegment() {
  segment = NewSegment();
  Child([] {}, [] { shmctl(segment, IPC_RMID, nullptr); });
  return segment;
}

// Ends when stdin does, after its children: who waits for it finds nothing of it.
[[noreturn]] void Wait() {
  while (std::getchar() != EOF) {
  }
  close(life[1]);
  while (waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
  }
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

void Register(unsigned what, void* first) {
  io_uring_params params = {};
  const int ring = static_cast<int>(syscall(SYS_io_uring_setup, 1, &params));
  Check(ring >= 0, "io_uring_setup");
  Check(syscall(SYS_io_uring_register, ring, what, first, 1) == 0, "io_uring_register");
}

void* KeptByRing(void* area) {
  iovec data = {area, Bytes()};
  Register(IORING_REGISTER_BUFFERS, &data);
  return area;
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

// The first thread does not have the ring: what its table shows is not all.
void* RingAlone(void*) {
  Check(unshare(CLONE_FILES) == 0, "unshare");
  munmap(KeptByRing(Anonymous(MAP_PRIVATE)), Bytes());
  Ready();
  Wait();
  return nullptr;
}

void* RingFileAlone(void*) {
  Check(unshare(CLONE_FILES) == 0, "unshare");
  int fd = Filled(Memfd());
  Register(IORING_REGISTER_FILES, &fd);
  close(fd);
  Ready();
  Wait();
  return nullptr;
}

int other = -1;

void* HoldInstead(void*) {
  Check(unshare(CLONE_FILES) == 0, "unshare");
  const int fd = Filled(Memfd());
  Check(dup2(fd, other) == other, "dup2");
  close(fd);
  Ready();
  Wait();
  return nullptr;
}

// The first thread shows its memory until it has ended, and so this one waits for that.
void* OutliveLeader(void*) {
  for (char state = 0; state != 'Z'; usleep(1000)) {
    std::ifstream stat("/proc/self/stat");
    std::string line;
    std::getline(stat, line);
    state = line.at(line.rfind(')') + 2);
  }
  Ready();
  Wait();
  return nullptr;
}

void Thread(void* (*body)(void*)) {
  pthread_t thread;
  Check(pthread_create(&thread, nullptr, body, nullptr) == 0, "pthread_create");
}

// A file of a hugetlbfs, mapped by this process once the descriptor is closed.
void* MapFile(int fd, int flags) {
  void* area = Map(Bytes(), flags, fd);
  Touch(area, 0, pages);
  close(fd);
  return area;
}

// A range of 1 GiB that is aligned to it, so that those who map it share page tables.
void* Gibibyte() {
  const std::uintptr_t length = std::uintptr_t{1} << 30;
  // Two of them have such a range wherever they begin.
  void* area = Map(2 * length, MAP_SHARED | MAP_NORESERVE | HugeFlags());
  const auto end = reinterpret_cast<std::uintptr_t>(area) + length - 1;
  return reinterpret_cast<void*>(end & ~(length - 1));
}

pid_t cloned = 0;

// A process that has all memory in common with this one, but nothing else.
void CloneMemory(int flags) {
  static char stack[65536];
  cloned = clone(
      [](void*) -> int {
        syscall(SYS_close, life[1]);
        char word;
        syscall(SYS_read, life[0], &word, 1);
        return 0;
      },
      stack + sizeof(stack), CLONE_VM | SIGCHLD | flags, nullptr);
  Check(cloned > 0, "clone");
}

std::string Directory() {
  const std::string path = file;
  return path.substr(0, path.rfind('/'));
}

// Mounts a hugetlbfs that no other process sees, over that of FILE.
void MountAlone(const std::string& options) {
  Check(unshare(CLONE_NEWNS) == 0, "unshare");
  Check(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "mount");
  const std::string all = "pagesize=" + std::to_string(PageSize()) + options;
  Check(mount("none", Directory().c_str(), "hugetlbfs", 0, all.c_str()) == 0, "mount");
}

int Opened(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  Check(fd >= 0, "open");
  return fd;
}

// Goes into a namespace of its own and back: what it did there stays, kept by a descriptor.
void Keep(const char* kind, const std::function<void()>& act) {
  const std::string path = std::string("/proc/self/ns/") + kind;
  const int own = Opened(path);
  act();
  Opened(path);
  Check(setns(own, 0) == 0, "setns");
  close(own);
}

void LeaveFile() { close(Filled(Opened())); }

// Attaches a mount to nothing: only a descriptor has it.
void MountNowhere() {
  const int context = static_cast<int>(syscall(SYS_fsopen, "hugetlbfs", 0));
  Check(context >= 0, "fsopen");
  const std::string size = std::to_string(PageSize());
  Check(syscall(SYS_fsconfig, context, FSCONFIG_SET_STRING, "pagesize", size.c_str(), 0) == 0,
        "fsconfig");
  Check(syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) == 0, "fsconfig");
  const int top = static_cast<int>(syscall(SYS_fsmount, context, 0, 0));
  Check(top >= 0, "fsmount");
  close(context);
  const int fd = openat(top, "left", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  Check(fd >= 0, "openat");
  close(Filled(fd));
}

// A file system whose server never answers, where FILE would be: a descriptor has its root.
void MountSilent() {
  Check(unshare(CLONE_NEWNS) == 0, "unshare");
  Check(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "mount");
  const int server = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  Check(server >= 0, "open");
  const std::string options =
      "fd=" + std::to_string(server) + ",rootmode=40000,user_id=0,group_id=0";
  Check(mount("none", Directory().c_str(), "fuse", 0, options.c_str()) == 0, "mount");
  Check(open(Directory().c_str(), O_PATH | O_CLOEXEC) >= 0, "open");
}

// A hugetlbfs of this process alone, with a file of this name that is longer than it has pages.
// Then nothing leads there but what the process has of it.
void* Detached(const std::string& name, const std::function<void*(int)>& use) {
  MountAlone("");
  const std::string path = Directory() + "/" + name;
  if (name.find('/') != std::string::npos) {
    Check(mkdir(path.substr(0, path.rfind('/')).c_str(), 0700) == 0, "mkdir");
  }
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  Check(fd >= 0, "open");
  Check(ftruncate(fd, static_cast<off_t>(Bytes())) == 0, "ftruncate");
  void* area = use(fd);
  Check(umount2(Directory().c_str(), MNT_DETACH) == 0, "umount2");
  return area;
}

// Moves memory to another address. Before 5.16 the kernel leaves huge pages where they are.
void Move(void* area) {
  void* place = Map(Bytes(), MAP_PRIVATE | MAP_NORESERVE | HugeFlags());
  void* moved = mremap(area, Bytes(), Bytes(), MREMAP_MAYMOVE | MREMAP_FIXED, place);
  Check(moved == place || errno == EINVAL, "mremap");
}

// Faults on pages that are missing come to this process, which does not answer them.
int Watch(void* area) {
  // UFFD_USER_MODE_ONLY of include/uapi/linux/userfaultfd.h, for which no right is needed (5.11).
  int fd = static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | 1));
  if (fd < 0) fd = static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK));
  Check(fd >= 0, "userfaultfd");
  uffdio_api api = {};
  api.api = UFFD_API;
  Check(ioctl(fd, UFFDIO_API, &api) == 0, "UFFDIO_API");
  uffdio_register range = {};
  range.range = {reinterpret_cast<std::uintptr_t>(area), Bytes()};
  range.mode = UFFDIO_REGISTER_MODE_MISSING;
  Check(ioctl(fd, UFFDIO_REGISTER, &range) == 0, "UFFDIO_REGISTER");
  return fd;
}

void Fill(int watch, void* area) {
  void* from = mmap(nullptr, Bytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  Check(from != MAP_FAILED, "mmap");
  uffdio_copy copy = {};
  copy.dst = reinterpret_cast<std::uintptr_t>(area);
  copy.src = reinterpret_cast<std::uintptr_t>(from);
  copy.len = Bytes();
  Check(ioctl(watch, UFFDIO_COPY, &copy) == 0, "UFFDIO_COPY");
  munmap(from, Bytes());
}

void* Watched(int flags) {
  void* area = Map(Bytes(), flags | HugeFlags());
  Watch(area);
  return area;
}

const std::map<std::string, std::function<void()>> ways = {
    {"private", [] { Anonymous(MAP_PRIVATE); }},
    {"partly", [] { Touch(Map(Bytes() + PageSize(), MAP_PRIVATE | HugeFlags()), 0, pages); }},
    {"shared", [] { Anonymous(MAP_SHARED); }},
    {"partly-shared", [] { Touch(Map(Bytes() + PageSize(), MAP_SHARED | HugeFlags()), 0, pages); }},
    {"shared-two",
     [] {
       void* area = Anonymous(MAP_SHARED);
       Child([area] { Touch(area, 0, pages); });
     }},
    {"untouched", [] { Map(Bytes(), MAP_PRIVATE | HugeFlags()); }},
    {"untouched-two",
     [] {
       Map(Bytes(), MAP_PRIVATE | HugeFlags());
       Child([] {});
     }},
    {"untouched-shared", [] { Map(Bytes(), MAP_SHARED | HugeFlags()); }},
    {"untouched-shared-two",
     [] {
       Map(Bytes(), MAP_SHARED | HugeFlags());
       Child([] {});
     }},
    {"noreserve", [] { Map(Bytes(), MAP_PRIVATE | MAP_NORESERVE | HugeFlags()); }},
    {"memfd", [] { MapFile(Filled(Memfd()), MAP_SHARED); }},
    {"memfd-private", [] { MapFile(Filled(Memfd()), MAP_PRIVATE); }},
    {"memfd-open", [] { Filled(Memfd()); }},
    {"memfd-open-two",
     [] {
       Filled(Memfd());
       Child([] {});
     }},
    {"memfd-two",
     [] {
       void* area = Map(Bytes(), MAP_SHARED, Filled(Memfd()));
       Child([area] { Touch(area, 0, pages); });
     }},
    {"file", [] { MapFile(Filled(Opened()), MAP_SHARED); }},
    {"file-two",
     [] {
       MapFile(Filled(Opened()), MAP_SHARED);
       Child([] { MapFile(Opened(), MAP_SHARED); });
     }},
    {"file-private", [] { MapFile(Filled(Opened()), MAP_PRIVATE); }},
    {"file-private-two",
     [] {
       MapFile(Filled(Opened()), MAP_PRIVATE);
       Child([] { MapFile(Opened(), MAP_PRIVATE); });
     }},
    {"file-open", [] { Filled(Opened()); }},
    {"file-left", LeaveFile},
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
    {"segment", [] { Attached(MakeSegment()); }},
    {"segment-two",
     [] {
       void* area = Attached(MakeSegment());
       Child([area] { Touch(area, 0, pages); });
     }},
    {"segment-removed",
     [] {
       Attached(MakeSegment());
       shmctl(segment, IPC_RMID, nullptr);
     }},
    {"segment-left", [] { shmdt(Attached(MakeSegment())); }},
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
    {"fork-orphan",
     [] {
       End(Child([] {
         Anonymous(MAP_PRIVATE);
         Child([] {});
       }));
     }},
    {"pmd",
     [] {
       void* area = Gibibyte();
       Touch(area, 0, pages);
       Child([area] { Touch(area, 0, pages); });
     }},
    {"pmd-orphan",
     [] {
       // The kernel counts the pages for the first one that touches them.
       void* area = Gibibyte();
       const pid_t first = Child([area] { Touch(area, 0, pages); });
       Touch(area, 0, pages);
       End(first);
     }},
    {"in-flight", [] { SendAway(Filled(Memfd())); }},
    {"ring", [] { munmap(KeptByRing(Anonymous(MAP_PRIVATE)), Bytes()); }},
    {"ring-mapped", [] { KeptByRing(Anonymous(MAP_PRIVATE)); }},
    {"ring-shared", [] { munmap(KeptByRing(MapFile(Filled(Memfd()), MAP_SHARED)), Bytes()); }},
    {"ring-file",
     [] {
       int fd = Filled(Memfd());
       Register(IORING_REGISTER_FILES, &fd);
       close(fd);
     }},
    {"pipe", [] { PinByPipe(Anonymous(MAP_PRIVATE)); }},
    {"pipe-shared", [] { PinByPipe(MapFile(Filled(Memfd()), MAP_SHARED)); }},
    {"thread",
     [] {
       Thread(HoldAlone);
       for (;;) pause();
     }},
    {"thread-instead",
     [] {
       other = open("/dev/null", O_RDONLY | O_CLOEXEC);
       Check(other >= 0, "open");
       Thread(HoldInstead);
       for (;;) pause();
     }},
    {"thread-ring",
     [] {
       Thread(RingAlone);
       for (;;) pause();
     }},
    {"thread-ring-file",
     [] {
       Thread(RingFileAlone);
       for (;;) pause();
     }},
    {"leaderless",
     [] {
       Anonymous(MAP_PRIVATE);
       Thread(OutliveLeader);
       syscall(SYS_exit, 0);
     }},
    {"leaderless-open",
     [] {
       Filled(Memfd());
       Thread(OutliveLeader);
       syscall(SYS_exit, 0);
     }},
    {"vm",
     [] {
       Anonymous(MAP_PRIVATE);
       CloneMemory(0);
     }},
    {"vm-untouched",
     [] {
       Map(Bytes(), MAP_PRIVATE | HugeFlags());
       CloneMemory(0);
     }},
    {"vm-sibling",
     [] {
       // It has the same parent as this process, which waits for neither.
       Child([] {
         Map(Bytes(), MAP_PRIVATE | HugeFlags());
         CloneMemory(CLONE_PARENT);
       });
     }},
    {"minimum", [] { MountAlone(",min_size=" + std::to_string(Bytes())); }},
    {"mount-left",
     [] {
       MountAlone("");
       LeaveFile();
     }},
    {"mount-kept",
     [] {
       Keep("mnt", [] {
         MountAlone("");
         LeaveFile();
       });
     }},
    {"mount-detached",
     [] {
       MountAlone("");
       LeaveFile();
       Check(chdir(Directory().c_str()) == 0, "chdir");
       Check(umount2(Directory().c_str(), MNT_DETACH) == 0, "umount2");
     }},
    {"mount-nowhere", MountNowhere},
    {"mount-untouched",
     [] {
       Detached("file", [](int fd) {
         void* area = Map(Bytes(), MAP_SHARED, fd);
         close(fd);
         return area;
       });
     }},
    {"mount-promised",
     [] {
       Detached("file", [](int fd) {
         munmap(Map(Bytes(), MAP_SHARED, fd), Bytes());
         return nullptr;
       });
     }},
    {"mount-deep",
     [] {
       Detached("below/file", [](int fd) {
         Filled(fd);
         return nullptr;
       });
     }},
    {"like-segment",
     [] {
       Check(chdir("/") == 0, "chdir");
       Detached("SYSV00000000", [](int fd) {
         Check(chdir(Directory().c_str()) == 0, "chdir");
         return MapFile(Filled(fd), MAP_SHARED);
       });
     }},
    {"like-memory",
     [] { Detached("anon_hugepage", [](int fd) { return MapFile(Filled(fd), MAP_PRIVATE); }); }},
    {"punched",
     [] {
       void* area = Map(Bytes() + PageSize(), MAP_SHARED | HugeFlags());
       Touch(area, 0, pages + 1);
       Check(madvise(area, PageSize(), MADV_REMOVE) == 0, "madvise");
     }},
    {"fork-moved",
     [] {
       void* area = Map(Bytes(), MAP_PRIVATE | HugeFlags());
       Child([area] { Move(area); });
     }},
    {"fork-moves",
     [] {
       void* area = Map(Bytes(), MAP_PRIVATE | HugeFlags());
       Child([] {});
       Move(area);
     }},
    {"moved",
     [] {
       void* area = Map(Bytes(), MAP_PRIVATE | HugeFlags());
       Touch(area, 0, 1);
       Move(area);
     }},
    {"watched", [] { Watched(MAP_PRIVATE); }},
    {"watched-shared", [] { Watched(MAP_SHARED); }},
    {"watched-filled",
     [] {
       void* area = Map(Bytes(), MAP_PRIVATE | HugeFlags());
       Fill(Watch(area), area);
     }},
    {"watched-filled-shared",
     [] {
       void* area = Map(Bytes(), MAP_SHARED | HugeFlags());
       Fill(Watch(area), area);
     }},
    {"mount-silent", MountSilent},
    // FILE is the number of a segment that somebody else made.
    {"segment-attach", [] { Attached(std::atoi(file)); }},
    {"segment-kept",
     [] {
       Keep("ipc", [] {
         Check(unshare(CLONE_NEWIPC) == 0, "unshare");
         shmdt(Attached(NewSegment()));
       });
     }},
};

// What is held: the way, the pages and the file.
constexpr int kWords = 3;

[[noreturn]] void Hold(char** words) {
  pages = std::strtoul(words[1], nullptr, 10);
  file = words[2];
  Check(pipe(life) == 0, "pipe");
  Check(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0, "prctl");
  ways.at(words[0])();
  Ready();
  Wait();
}

bool Failed(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) != 0 : WTERMSIG(status) != SIGKILL;
}

// All of them have the same stdin, whose end ends each.
int HoldEach(char** words, char** end) {
  std::vector<pid_t> all;
  for (; words < end; words += kWords) {
    const pid_t child = fork();
    Check(child >= 0, "fork");
    if (child == 0) Hold(words);
    all.push_back(child);
  }
  int result = 0;
  int status;
  while (wait(&status) > 0) {
    if (!Failed(status) || result != 0) continue;
    result = 1;
    for (const pid_t child : all) kill(child, SIGKILL);
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  bool known = argc >= 2 + kWords && (argc - 2) % kWords == 0;
  for (int word = 2; known && word < argc; word += kWords) known = ways.count(argv[word]) == 1;
  if (!known) {
    std::fputs("zoo: SIZE_SHIFT WAY PAGES FILE [WAY PAGES FILE]...\n", stderr);
    return 2;
  }
  shift = std::atoi(argv[1]);
  if (argc == 2 + kWords) Hold(argv + 2);
  return HoldEach(argv + 2, argv + argc);
}
