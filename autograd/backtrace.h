#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace taper::autograd {

// Where a thread stands: the return addresses of the calls that led here.
class Backtrace {
 public:
  // Taking one costs a few microseconds; names are looked up only when asked for.
  static Backtrace here();
  // The innermost frame that is neither taper's nor the standard library's: "main (train.cpp:12)"
  // where its program has debug information, else "main + 0x2c in train"; "an unknown place" if
  // there is none.
  std::string caller() const;

 private:
  std::vector<uintptr_t> addresses_;
};

}  // namespace taper::autograd
