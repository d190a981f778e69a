// Changes what root works on, as a user without any privilege and as fast as it can:
//   stranger DIRECTORY NAME LEAF ELSEWHERE BYTES
// DIRECTORY/NAME is a directory of its own, which it swaps for a link to ELSEWHERE, over and over;
// a NAME of `.` means DIRECTORY itself. In that directory it makes, links, renames and removes
// LEAF: as a directory, a file of BYTES bytes, a FIFO, and links to ELSEWHERE and its LEAF. Files
// that root is about to rename are taken away or get a link in their place. It ends by a signal, or
// with its parent.

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/fs.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>

namespace {

constexpr unsigned kNobody = 65534;

struct Stranger {
  std::string name;
  std::string leaf;
  std::string elsewhere;
  off_t bytes = 0;
  int inside = -1;
  std::mt19937 random{42};

  bool Own() const { return name == "."; }

  // Swaps the directory for the link, and back. One call leaves no moment without either.
  void Swap() {
    if (Own()) return;
    syscall(SYS_renameat2, AT_FDCWD, name.c_str(), AT_FDCWD, ".link", RENAME_EXCHANGE);
  }

  void Clear() {
    if (unlinkat(inside, leaf.c_str(), 0) != 0) unlinkat(inside, leaf.c_str(), AT_REMOVEDIR);
  }

  void MakeFile() {
    const int fd = openat(inside, leaf.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
    if (fd < 0) return;
    if (bytes > 0 && ftruncate(fd, bytes) == 0) (void)!fallocate(fd, 0, 0, bytes);
    close(fd);
  }

  // Names that root has for a moment begin with a dot.
  void TakeHidden() {
    const int again = openat(inside, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR* const stream = again < 0 ? nullptr : fdopendir(again);
    if (stream == nullptr) return;
    while (const dirent* const entry = readdir(stream)) {
      const std::string found = entry->d_name;
      if (found.rfind(".hugepool", 0) != 0 && found.rfind(".#hugepool", 0) != 0) continue;
      if (random() % 2 == 0) {
        unlinkat(inside, found.c_str(), 0);
      } else {
        renameat(inside, found.c_str(), inside, "taken");
        (void)!symlinkat((elsewhere + "/" + leaf).c_str(), inside, found.c_str());
      }
    }
    closedir(stream);
  }

  void Step() {
    switch (random() % 12) {
      case 0:
        Clear();
        (void)!mkdirat(inside, leaf.c_str(), 0777);
        break;
      case 1:
        Clear();
        MakeFile();
        break;
      case 2:
        Clear();
        (void)!symlinkat((elsewhere + "/" + leaf).c_str(), inside, leaf.c_str());
        break;
      case 3:
        Clear();
        (void)!symlinkat(elsewhere.c_str(), inside, leaf.c_str());
        break;
      case 4:
        Clear();
        (void)!linkat(AT_FDCWD, (elsewhere + "/" + leaf).c_str(), inside, leaf.c_str(), 0);
        break;
      case 5:
        Clear();
        (void)!mkfifoat(inside, leaf.c_str(), 0666);
        break;
      case 6:
        renameat(inside, leaf.c_str(), inside, "moved");
        renameat(inside, "moved", inside, leaf.c_str());
        break;
      case 7:
        TakeHidden();
        break;
      default:
        Swap();
    }
  }
};

int Fail(const char* what) {
  perror(what);
  return 1;
}

}  // namespace

int main(int count, char** words) {
  if (count != 6) return 2;
  Stranger stranger;
  stranger.name = words[2];
  stranger.leaf = words[3];
  stranger.elsewhere = words[4];
  stranger.bytes = std::atoll(words[5]);
  // The directory above need not be open to the user.
  if (chdir(words[1]) != 0) return Fail("chdir");
  if (setgroups(0, nullptr) != 0 || setgid(kNobody) != 0) return Fail("setgid");
  if (setuid(kNobody) != 0) return Fail("setuid");
  // It goes with the shell that started it, however that ends. Another user has to ask for it anew.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return Fail("prctl");
  umask(0);
  if (!stranger.Own()) {
    (void)!mkdir(words[2], 0777);
    // Hugetlbfs has no symbolic links: there two directories of its own are swapped.
    if (symlink(words[4], ".link") != 0 && mkdir(".link", 0777) != 0) return Fail("symlink");
  }
  stranger.inside = open(words[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (stranger.inside < 0) return Fail("open");
  for (;;) {
    stranger.Step();
    // Now and then root gets further, to where something else can go wrong.
    if (stranger.random() % 4 == 0) usleep(stranger.random() % 20000);
  }
}
