#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "taper/tensor/tensor.h"

// Searching, counting and making equal elements one, without a tape; what the functions of the same
// names in autograd/ops.h compute.
namespace taper::raw {

Tensor searchsorted(const Tensor& sorted, const Tensor& values, bool out_int32, bool right,
                    const std::optional<std::string>& side, const std::optional<Tensor>& sorter);
Tensor bucketize(const Tensor& values, const Tensor& boundaries, bool out_int32, bool right);
Tensor isin(const Tensor& elements, const Tensor& tests, bool invert);

Tensor bincount(const Tensor& x, const std::optional<Tensor>& weights, int64_t minlength);
Tensor histc(const Tensor& x, int64_t bins, const Scalar& min, const Scalar& max);

using Unique = std::tuple<Tensor, Tensor, Tensor>;  // values, inverse, counts
Unique unique(const Tensor& x, bool sorted, bool return_inverse, bool return_counts);
Unique unique_consecutive(const Tensor& x, bool return_inverse, bool return_counts);
Unique unique_slices(const Tensor& x, int64_t dim, bool consecutive);

}  // namespace taper::raw
