#pragma once

#include <cstdint>
#include <tuple>

#include "taper/tensor/tensor.h"

// Ordering along one dimension, without a tape. NaN counts as greater than every number. Which of
// several equal elements comes first or is chosen is as in libtorch. Results: (values, int64
// indices).
namespace taper::raw {

// `stable`: equal elements keep their order, in either direction.
std::tuple<Tensor, Tensor> sort(const Tensor& x, int64_t dim, bool descending, bool stable = true);
Tensor argsort(const Tensor& x, int64_t dim, bool descending, bool stable = true);
// The k largest (smallest) elements, in descending (ascending) order if `sorted`.
std::tuple<Tensor, Tensor> topk(const Tensor& x, int64_t k, int64_t dim, bool largest,
                                bool sorted = true);
// The k-th smallest element, counting from 1.
std::tuple<Tensor, Tensor> kthvalue(const Tensor& x, int64_t k, int64_t dim, bool keepdim);
// The lower of the two middle elements: NaN if there is one, unless they are left out.
std::tuple<Tensor, Tensor> median(const Tensor& x, int64_t dim, bool keepdim, bool ignore_nan);
Tensor median(const Tensor& x, bool ignore_nan);
// The least of the most frequent elements.
std::tuple<Tensor, Tensor> mode(const Tensor& x, int64_t dim, bool keepdim);

}  // namespace taper::raw
