#include "taper/tensor/indexing.h"

#include <cstring>

namespace taper::indexing {

Slice::Slice(std::optional<int64_t> start, std::optional<int64_t> stop, std::optional<int64_t> step)
    : step_(step.value_or(1)) {
  TAPER_CHECK(step_ != 0, "slice step cannot be zero");
  start_ = start.value_or(step_ < 0 ? INT64_MAX : 0);
  stop_ = stop.value_or(step_ < 0 ? INT64_MIN : INT64_MAX);
}

TensorIndex::TensorIndex(const char* text) : type_(TensorIndexType::Ellipsis) {
  TAPER_CHECK(std::strcmp(text, "...") == 0,
              "Expected \"...\" to represent an ellipsis index, but got \"", text, "\"");
}

}  // namespace taper::indexing
