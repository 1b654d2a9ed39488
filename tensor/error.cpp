#include "taper/tensor/error.h"

#include <fmt/format.h>

#include "taper/tensor/array_ref.h"
#include "taper/tensor/scalar.h"

namespace taper::detail {

void MessageBuilder::add(double value) { text_ += fmt::format("{:g}", value); }

void MessageBuilder::add(IntArrayRef sizes) {
  text_ += fmt::format("[{}]", fmt::join(sizes.begin(), sizes.end(), ", "));
}

void MessageBuilder::add(ScalarType dtype) { text_ += to_string(dtype); }

void MessageBuilder::add(const Scalar& value) {
  if (value.isBoolean()) {
    add(value.toBool());
  } else if (value.isFloatingPoint()) {
    add(value.toDouble());
  } else {
    add(value.toLong());
  }
}

void throw_empty_list(const char* member) {
  throw_error<Error>("ArrayRef: attempted to access ", member, "() of empty list");
}

void throw_bad_index(size_t index, size_t size) {
  throw_error<Error>("ArrayRef: invalid index Index = ", index, "; Length = ", size);
}

void throw_bad_slice(size_t begin, size_t count, size_t size) {
  throw_error<Error>("ArrayRef: invalid slice, N = ", begin, "; M = ", count, "; size = ", size);
}

}  // namespace taper::detail
