#include "taper/io/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <system_error>

#include "taper/tensor/error.h"

namespace taper::io {
namespace {

[[noreturn]] void fail(const char* what, int error) {
  taper::detail::throw_error<Error>("it ", what, ": ", std::generic_category().message(error));
}

}  // namespace

InputFile::InputFile(const std::string& path) {
  // Without O_NONBLOCK a pipe that nobody writes to would keep us waiting.
  fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd_ < 0) fail("cannot be opened", errno);
  struct stat info;
  const bool known = ::fstat(fd_, &info) == 0;
  if (!known || !S_ISREG(info.st_mode)) {
    ::close(fd_);
    taper::detail::throw_error<Error>("it is not a regular file");
  }
  size_ = static_cast<uint64_t>(info.st_size);
}

InputFile::~InputFile() { ::close(fd_); }

void InputFile::read(void* data, uint64_t bytes, uint64_t offset) const {
  char* p = static_cast<char*>(data);
  while (bytes > 0) {
    const size_t wanted = static_cast<size_t>(std::min<uint64_t>(bytes, SSIZE_MAX));
    const ssize_t got = ::pread(fd_, p, wanted, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("cannot be read", errno);
    TAPER_CHECK(got > 0, "it became shorter while it was read");
    p += got;
    offset += static_cast<uint64_t>(got);
    bytes -= static_cast<uint64_t>(got);
  }
}

}  // namespace taper::io
