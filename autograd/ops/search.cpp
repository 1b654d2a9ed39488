// Searching, counting, and making equal elements one. Nothing here has a derivative.

#include "taper/tensor/raw/search.h"

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "taper/autograd/ops.h"
#include "taper/autograd/ops/not_implemented.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/core.h"

namespace taper {

using autograd::kNotImplemented;
using autograd::not_implemented;
using autograd::record;
using autograd::record_outputs;
using Unique = std::tuple<Tensor, Tensor, Tensor>;

// --- Searching ---

Tensor searchsorted(const Tensor& sorted, const Tensor& values, bool out_int32, bool right,
                    const std::optional<std::string>& side, const std::optional<Tensor>& sorter) {
  return raw::searchsorted(sorted, values, out_int32, right, side, sorter);
}
Tensor searchsorted(const Tensor& sorted, const Scalar& value, bool out_int32, bool right,
                    const std::optional<std::string>& side, const std::optional<Tensor>& sorter) {
  return raw::searchsorted(sorted, raw::wrapped_number(value), out_int32, right, side, sorter);
}
Tensor bucketize(const Tensor& values, const Tensor& boundaries, bool out_int32, bool right) {
  return raw::bucketize(values, boundaries, out_int32, right);
}
Tensor bucketize(const Scalar& value, const Tensor& boundaries, bool out_int32, bool right) {
  return raw::bucketize(raw::wrapped_number(value), boundaries, out_int32, right);
}

Tensor isin(const Tensor& elements, const Tensor& tests, bool, bool invert) {
  return raw::isin(elements, tests, invert);
}
Tensor isin(const Tensor& elements, const Scalar& test, bool, bool invert) {
  return raw::isin(elements, raw::wrapped_number(test), invert);
}
Tensor isin(const Scalar& element, const Tensor& tests, bool, bool invert) {
  return raw::isin(raw::wrapped_number(element), tests, invert);
}

// --- Counting ---

Tensor bincount(const Tensor& x, const std::optional<Tensor>& weights, int64_t minlength) {
  return record(kNotImplemented, raw::bincount(x, weights, minlength), {weights.value_or(Tensor())},
                not_implemented<Error>("derivative for aten::bincount is not implemented"));
}
Tensor histc(const Tensor& x, int64_t bins, const Scalar& min, const Scalar& max) {
  return raw::histc(x, bins, min, max);
}

// --- Equal ones made one ---

namespace {

Unique on_tape(const char* node, const char* text, Unique result, const Tensor& x) {
  std::vector<Tensor> outputs = {std::get<0>(std::move(result)), std::get<1>(std::move(result)),
                                 std::get<2>(std::move(result))};
  record_outputs(node, outputs, {x}, not_implemented<NotImplementedError>(text));
  return {std::move(outputs[0]), std::move(outputs[1]), std::move(outputs[2])};
}

}  // namespace

Unique _unique2(const Tensor& x, bool sorted, bool return_inverse, bool return_counts) {
  return on_tape("Unique2Backward0", "the derivative for '_unique2' is not implemented.",
                 raw::unique(x, sorted, return_inverse, return_counts), x);
}
std::tuple<Tensor, Tensor> _unique(const Tensor& x, bool sorted, bool return_inverse) {
  Unique result = on_tape("UniqueBackward0", "the derivative for '_unique' is not implemented.",
                          raw::unique(x, sorted, return_inverse, false), x);
  return {std::get<0>(std::move(result)), std::get<1>(std::move(result))};
}
Unique unique_dim(const Tensor& x, int64_t dim, bool, bool, bool) {
  return on_tape("UniqueDimBackward0", "the derivative for 'unique_dim' is not implemented.",
                 raw::unique_slices(x, dim, false), x);
}
Unique unique_dim_consecutive(const Tensor& x, int64_t dim, bool, bool) {
  return on_tape("UniqueDimConsecutiveBackward0",
                 "the derivative for 'unique_dim_consecutive' is not implemented.",
                 raw::unique_slices(x, dim, true), x);
}
Unique unique_consecutive(const Tensor& x, bool return_inverse, bool return_counts,
                          std::optional<int64_t> dim) {
  return on_tape("UniqueConsecutiveBackward0",
                 "the derivative for 'unique_consecutive' is not implemented.",
                 dim ? raw::unique_slices(x, *dim, true)
                     : raw::unique_consecutive(x, return_inverse, return_counts),
                 x);
}

// --- Methods ---

Tensor Tensor::bincount(const std::optional<Tensor>& weights, int64_t minlength) const {
  return taper::bincount(*this, weights, minlength);
}
Tensor Tensor::histc(int64_t bins, const Scalar& min, const Scalar& max) const {
  return taper::histc(*this, bins, min, max);
}

}  // namespace taper
