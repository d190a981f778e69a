// Comes for files on a hugetlbfs while somebody else cleans there:
//   comer SIZE_SHIFT DIRECTORY SEED WAIT
// makes files of one page, leaves them, opens, maps, locks, renames and replaces them at random
// until stdin ends, with waits of fewer than WAIT microseconds. Then it prints how often it had a
// file, how often one that it had lost its last name (lost), how often one had none as soon as it
// was open (late), and how often its data was another (wrong).
//   comer lock FILE flock|posix|ofd|lease
// locks a file until stdin ends.

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>

namespace {

constexpr int kNames = 8;
constexpr std::uint64_t kMark = 0x68756765706f6f6c;

struct Counts {
  long had = 0;
  long lost = 0;
  long late = 0;
  long wrong = 0;
};

struct Comer {
  std::size_t size = 0;
  std::string directory;
  std::mt19937 random;
  int wait = 0;
  Counts counts;

  int Below(int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); }
  std::string Name() { return directory + "/f" + std::to_string(Below(kNames)); }
  void Wait() { usleep(static_cast<useconds_t>(Below(wait))); }
};

void* MapOf(const Comer& comer, int fd) {
  return mmap(nullptr, comer.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
}

// Leaves a file behind, where there is room for it.
void Make(const Comer& comer, const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return;
  void* const memory = MapOf(comer, fd);
  if (memory == MAP_FAILED) {
    unlink(path.c_str());
  } else {
    *static_cast<std::uint64_t*>(memory) = kMark;
    munmap(memory, comer.size);
  }
  close(fd);
}

bool HasName(int fd) {
  struct stat status = {};
  return fstat(fd, &status) == 0 && status.st_nlink > 0;
}

enum Kind { kOpen, kMapped, kFlock, kPosix, kOfd, kLease };

bool Lock(int fd, int kind) {
  struct flock whole = {};
  whole.l_type = F_WRLCK;
  if (kind == kFlock) return flock(fd, LOCK_SH | LOCK_NB) == 0;
  if (kind == kPosix) return fcntl(fd, F_SETLK, &whole) == 0;
  if (kind == kOfd) return fcntl(fd, F_OFD_SETLK, &whole) == 0;
  if (kind == kLease) return fcntl(fd, F_SETLEASE, F_RDLCK) == 0;
  return true;
}

// Has a file for some time: open, mapped without a descriptor, or locked in one of three ways.
void Have(Comer* comer, int kind) {
  const int fd = open(comer->Name().c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return;
  if (!HasName(fd)) {
    comer->counts.late++;
    close(fd);
    return;
  }
  comer->counts.had++;
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  void* memory = MAP_FAILED;
  Lock(fd, kind);
  if (kind == kMapped) memory = MapOf(*comer, fd);
  int path = fd;
  if (memory != MAP_FAILED) {
    // What O_PATH has open keeps nobody from removing the file: only the mapping does.
    path = open(link.c_str(), O_PATH | O_CLOEXEC);
    close(fd);
  }
  comer->Wait();
  if (!HasName(path)) comer->counts.lost++;
  if (memory != MAP_FAILED) {
    if (*static_cast<std::uint64_t*>(memory) != kMark) comer->counts.wrong++;
    munmap(memory, comer->size);
  }
  close(path);
}

void Step(Comer* comer) {
  // What is renamed or replaced is another file by then for who looked before: most are not.
  const int action = comer->Below(60);
  if (action >= 20) {
    Have(comer, action % 5);
  } else if (action == 0) {
    rename(comer->Name().c_str(), comer->Name().c_str());
  } else if (action == 1) {
    const std::string made = comer->directory + "/new";
    Make(*comer, made);
    rename(made.c_str(), comer->Name().c_str());
  } else {
    Make(*comer, comer->Name());
  }
  comer->Wait();
}

bool HasEnded() {
  pollfd in = {STDIN_FILENO, POLLIN, 0};
  return poll(&in, 1, 0) > 0;
}

int LockUntilEnd(const char* file, const std::string& name) {
  const bool is_lease = name == "lease";
  const int kind = name == "flock"   ? kFlock
                   : name == "posix" ? kPosix
                   : name == "ofd"   ? kOfd
                                     : kLease;
  const int fd = open(file, (is_lease ? O_RDONLY : O_RDWR) | O_CLOEXEC);
  if (fd < 0 || !Lock(fd, kind)) {
    std::perror(name.c_str());
    return 1;
  }
  std::puts("ready");
  std::fflush(stdout);
  while (!HasEnded()) usleep(10000);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::strcmp(argv[1], "lock") == 0) return LockUntilEnd(argv[2], argv[3]);
  if (argc != 5) return 2;
  Comer comer;
  comer.size = std::size_t{1} << std::atoi(argv[1]);
  comer.directory = argv[2];
  comer.random.seed(static_cast<unsigned>(std::atoi(argv[3])));
  comer.wait = std::atoi(argv[4]);
  std::puts("ready");
  std::fflush(stdout);
  while (!HasEnded()) Step(&comer);
  const Counts& counts = comer.counts;
  std::printf("had %ld lost %ld late %ld wrong %ld\n", counts.had, counts.lost, counts.late,
              counts.wrong);
  return 0;
}
