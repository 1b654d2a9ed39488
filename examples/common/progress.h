#pragma once

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

namespace examples {

// A bar on stderr while a loop runs, gone when it ends; nothing where stderr or stdout is piped, so
// that a log holds whole lines only.
class Progress {
 public:
  Progress(std::string label, int64_t total)
      : label_(std::move(label)),
        total_(std::max<int64_t>(total, 1)),
        shown_(isatty(STDERR_FILENO) != 0 && isatty(STDOUT_FILENO) != 0) {
    draw("");
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  void step(const std::string& note = "") {
    ++done_;
    const auto now = std::chrono::steady_clock::now();
    // A terminal is slower than a training step.
    if (done_ < total_ && now - drawn_ < std::chrono::milliseconds(50)) return;
    drawn_ = now;
    draw(note);
  }

  // Takes the bar off the screen, so that a line can be printed.
  void clear() const {
    if (shown_) std::fprintf(stderr, "\r\033[K");
  }

 private:
  void draw(const std::string& note) const {
    if (!shown_) return;
    constexpr int64_t width = 30;
    const int64_t full = std::min(width, done_ * width / total_);
    std::string bar(static_cast<size_t>(full), '#');
    bar.resize(static_cast<size_t>(width), '.');
    std::fprintf(stderr, "\r\033[K%s [%s] %lld/%lld %s", label_.c_str(), bar.c_str(),
                 static_cast<long long>(done_), static_cast<long long>(total_), note.c_str());
    std::fflush(stderr);
  }

  std::string label_;
  int64_t total_;
  int64_t done_ = 0;
  bool shown_;
  std::chrono::steady_clock::time_point drawn_{};
};

// printf into a string.
[[gnu::format(printf, 1, 2)]] inline std::string format(const char* pattern, ...) {
  std::va_list arguments;
  va_start(arguments, pattern);
  std::va_list again;
  va_copy(again, arguments);
  const int size = std::vsnprintf(nullptr, 0, pattern, arguments);
  va_end(arguments);
  std::string text(static_cast<size_t>(std::max(size, 0)), '\0');
  std::vsnprintf(text.data(), text.size() + 1, pattern, again);
  va_end(again);
  return text;
}

// Prints a line at once: a pipe would otherwise show nothing until the end.
inline void print_line(const std::string& text) {
  std::printf("%s\n", text.c_str());
  std::fflush(stdout);
}

}  // namespace examples
