#include "taper/tensor/indexing.h"

#include <cstring>
#include <ostream>

namespace taper::indexing {

Slice::Slice(std::optional<int64_t> start, std::optional<int64_t> stop, std::optional<int64_t> step)
    : step_(step.value_or(1)) {
  if (step_ == 0) detail::throw_error<ValueError>("slice step cannot be zero");
  // So that it can be negated.
  if (step_ == INDEX_MIN) step_ = -INDEX_MAX;
  start_ = start.value_or(step_ < 0 ? INDEX_MAX : 0);
  stop_ = stop.value_or(step_ < 0 ? INDEX_MIN : INDEX_MAX);
}

TensorIndex::TensorIndex(const char* text) : type_(TensorIndexType::Ellipsis) {
  if (std::strcmp(text, "...") != 0) {
    detail::throw_error<ValueError>("Expected \"...\" to represent an ellipsis index, but got \"",
                                    text, "\"");
  }
}

std::ostream& operator<<(std::ostream& out, const Slice& slice) {
  return out << slice.start() << ":" << slice.stop() << ":" << slice.step();
}

std::ostream& operator<<(std::ostream& out, const TensorIndex& index) {
  switch (index.type()) {
    case TensorIndexType::None:
      return out << "None";
    case TensorIndexType::Ellipsis:
      return out << "...";
    case TensorIndexType::Integer:
      return out << index.integer();
    case TensorIndexType::Boolean:
      return out << (index.boolean() ? "true" : "false");
    case TensorIndexType::Slice:
      return out << index.slice();
    case TensorIndexType::Tensor:
      break;
  }
  return out << index.tensor();
}

std::ostream& operator<<(std::ostream& out, const std::vector<TensorIndex>& indices) {
  out << "(";
  const char* separator = "";
  for (const TensorIndex& index : indices) {
    out << separator << index;
    separator = ", ";
  }
  return out << ")";
}

}  // namespace taper::indexing
