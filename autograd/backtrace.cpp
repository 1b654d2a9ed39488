#include "taper/autograd/backtrace.h"

#include <backtrace.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/auxv.h>

#include <string_view>

#include "taper/autograd/function.h"

namespace taper::autograd {
namespace {

// A reading of the program's symbols and debug information, made once and kept.
backtrace_state* symbols() {
  static backtrace_state* state = backtrace_create_state(
      nullptr, 1, [](void*, const char*, int) {}, nullptr);
  return state;
}

void ignore_error(void*, const char*, int) {}

struct Frame {
  std::string function;  // as in the program's source; empty if not known
  std::string file;
  int line = 0;
};

// The functions at an address, innermost first: inlined ones have the address of their caller.
std::vector<Frame> frames_at(uintptr_t address) {
  std::vector<Frame> frames;
  backtrace_pcinfo(
      symbols(), address,
      [](void* to, uintptr_t, const char* file, int line, const char* function) {
        if (file == nullptr && function == nullptr) return 0;
        static_cast<std::vector<Frame>*>(to)->push_back(
            {function != nullptr ? demangled(function) : "", file != nullptr ? file : "", line});
        return 0;
      },
      ignore_error, &frames);
  if (!frames.empty()) return frames;
  Frame frame;
  backtrace_syminfo(
      symbols(), address,
      [](void* to, uintptr_t, const char* name, uintptr_t, uintptr_t) {
        if (name != nullptr) *static_cast<std::string*>(to) = demangled(name);
      },
      ignore_error, &frame.function);
  return {frame};
}

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

// The folder in which this library was compiled, with a slash at its end.
std::string source_root() {
  const std::string file = __FILE__;
  return file.substr(0, file.size() - std::string_view("autograd/backtrace.cpp").size());
}

// By its file where that is known: a user's code may stand in a namespace of ours, and ours may be
// inlined into the user's. Else by its name, as what is compiled from our headers has it.
bool is_ours(const Frame& frame) {
  if (!frame.file.empty()) {
    const std::string_view file = frame.file;
    if (file.find("/c++/") != std::string_view::npos) return true;
    if (file.find("/include/taper/") != std::string_view::npos) return true;
    for (const char* room : {"tensor/", "autograd/", "io/", "nn/", "optim/"}) {
      if (file.find(source_root() + room) != std::string_view::npos) return true;
    }
    return false;
  }
  // A template's name begins with the type that it returns.
  for (std::string_view start : {"taper::", "std::", "void taper::", "void std::", "__gnu_cxx::"}) {
    if (starts_with(frame.function, start)) return true;
  }
  return false;
}

const void* module_of(uintptr_t address) {
  Dl_info info;
  return dladdr(reinterpret_cast<void*>(address), &info) != 0 ? info.dli_fbase : nullptr;
}

std::string shown(const Frame& frame, uintptr_t address) {
  if (!frame.file.empty()) {
    return fmt::format("{} ({}:{})", frame.function.empty() ? "a function" : frame.function,
                       frame.file, frame.line);
  }
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(address), &info) == 0) return fmt::format("{:#x}", address);
  const std::string_view path = info.dli_fname;
  const std::string_view module = path.substr(path.rfind('/') + 1);
  const auto offset = address - reinterpret_cast<uintptr_t>(info.dli_fbase);
  if (frame.function.empty()) return fmt::format("{} + {:#x}", module, offset);
  return fmt::format("{} ({} + {:#x})", frame.function, module, offset);
}

}  // namespace

Backtrace Backtrace::here() {
  Backtrace trace;
  backtrace_simple(
      symbols(), 1,
      [](void* to, uintptr_t address) {
        static_cast<std::vector<uintptr_t>*>(to)->push_back(address);
        return 0;
      },
      ignore_error, &trace.addresses_);
  return trace;
}

std::string Backtrace::caller() const {
  // Where taper is a library of its own, all that is in it is ours, whatever is known of it.
  const void* own = module_of(reinterpret_cast<uintptr_t>(&symbols));
  const bool apart = own != module_of(getauxval(AT_ENTRY));
  for (uintptr_t address : addresses_) {
    if (apart && module_of(address) == own) continue;
    for (const Frame& frame : frames_at(address)) {
      if (!is_ours(frame)) return shown(frame, address);
    }
  }
  return "an unknown place";
}

}  // namespace taper::autograd
