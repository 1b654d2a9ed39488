#pragma once

#include <cstdint>
#include <string>

namespace taper::io {

// A regular file, open to be read at any place. Throws taper::Error where the system refuses ("it
// cannot be opened: No such file or directory"); the caller, who knows the format, adds the path.
class InputFile {
 public:
  explicit InputFile(const std::string& path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  uint64_t size() const { return size_; }
  // Throws, too, if the file has become shorter than `offset + bytes`.
  void read(void* data, uint64_t bytes, uint64_t offset) const;

 private:
  int fd_ = -1;
  uint64_t size_ = 0;
};

}  // namespace taper::io
