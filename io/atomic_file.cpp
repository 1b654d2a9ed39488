#include "taper/io/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <system_error>
#include <utility>

#include "taper/tensor/error.h"

namespace taper::io {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

// Renaming over a link would replace the link and leave its target alone.
std::string resolve_link(const std::string& path) {
  struct stat info;
  if (::lstat(path.c_str(), &info) != 0 || !S_ISLNK(info.st_mode)) return path;
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                         &std::free);
  const int error = errno;
  TAPER_CHECK(real != nullptr, "cannot write \"", path,
              "\": the link leads nowhere: ", reason(error));
  return real.get();
}

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// The counter keeps the threads of a process apart, the process id two processes.
std::string temporary_name(const std::string& path) {
  static std::atomic<uint64_t> counter{0};
  return path + ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
}

}  // namespace

AtomicFile::AtomicFile(const std::string& path) : path_(resolve_link(path)) {
  struct stat old;
  const bool replaces = ::stat(path_.c_str(), &old) == 0;
  TAPER_CHECK(!replaces || S_ISREG(old.st_mode), "cannot write \"", path_,
              "\": it is not a regular file");
  do {
    temporary_ = temporary_name(path_);
    fd_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (fd_ < 0 && (errno == EEXIST || errno == EINTR));
  if (fd_ < 0) {
    const int error = errno;
    temporary_.clear();
    fail("cannot create a file beside it", error);
  }
  // Best effort: a file system without permissions refuses, and the content matters more.
  if (replaces && ::fchmod(fd_, old.st_mode & 07777) != 0) errno = 0;
}

AtomicFile::~AtomicFile() {
  if (fd_ >= 0) ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::write(const void* data, size_t bytes) {
  TAPER_CHECK(fd_ >= 0, "AtomicFile: write after commit");
  const char* p = static_cast<const char*>(data);
  while (bytes > 0) {
    const ssize_t written = ::write(fd_, p, std::min<size_t>(bytes, SSIZE_MAX));
    if (written < 0) {
      if (errno == EINTR) continue;
      fail("cannot write", errno);
    }
    p += written;
    bytes -= static_cast<size_t>(written);
  }
}

void AtomicFile::commit() {
  TAPER_CHECK(fd_ >= 0, "AtomicFile: commit after commit");
  if (::fsync(fd_) != 0) fail("cannot flush to the disk", errno);
  if (::close(std::exchange(fd_, -1)) != 0) fail("cannot close", errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail("cannot rename", errno);
  temporary_.clear();
  // The new name is safe only when the folder is on the disk too.
  const int folder = ::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) fail("cannot flush the folder to the disk", errno);
  const int error = ::fsync(folder) != 0 ? errno : 0;
  ::close(folder);
  // EINVAL: a file system that cannot sync folders.
  if (error != 0 && error != EINVAL) fail("cannot flush the folder to the disk", error);
}

void AtomicFile::fail(const char* what, int error) const {
  taper::detail::throw_error<Error>("cannot write \"", path_, "\": ", what, ": ", reason(error));
}

}  // namespace taper::io
