#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace taper::io {

// A file that appears under its name whole or not at all. Bytes go to a temporary file in the same
// folder; commit() flushes it to the disk and renames it over `path`. Without commit() the
// destructor removes it, and what stood at `path` stays as it was. A symbolic link at `path` stays
// a link: its target is replaced. An existing file hands its permissions on.
//
// Every failure throws taper::Error with the path and the system's reason.
class AtomicFile {
 public:
  explicit AtomicFile(const std::string& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(const void* data, size_t bytes);
  void write(std::string_view text) { write(text.data(), text.size()); }
  // Once; nothing can be written after it.
  void commit();

 private:
  [[noreturn]] void fail(const char* what, int error) const;

  std::string path_;  // links resolved
  std::string temporary_;
  int fd_ = -1;
};

}  // namespace taper::io
