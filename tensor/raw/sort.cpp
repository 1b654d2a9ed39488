#include "taper/tensor/raw/sort.h"

#include <utility>

#include "taper/tensor/kernels/sort.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper::raw {
namespace {

// The first k elements of x sorted along dim d; no values where `values` is null.
Tensor sorted_along(const Tensor& x, int64_t d, int64_t k, bool descending, Tensor* values) {
  const bool transposed = x.dim() > 1 && d != x.dim() - 1;
  const Tensor rows = contiguous(transposed ? transpose(x, d, -1) : x);
  const int64_t n = x.dim() == 0 ? 1 : rows.size(-1);
  DimVector sizes = rows.sizes();
  if (!sizes.empty()) sizes.back() = k;
  Tensor indices = empty(sizes, kInt64);
  Tensor sorted;
  if (values != nullptr) sorted = empty(sizes, x.scalar_type());
  if (indices.numel() != 0) {
    const ScalarType type = x.scalar_type() == kBool ? kUInt8 : x.scalar_type();
    kernels::sort_rows(type, rows.numel() / n, n, k, descending, rows.data_ptr(),
                       values != nullptr ? sorted.data_ptr() : nullptr,
                       static_cast<int64_t*>(indices.data_ptr()));
  }
  const auto put_back = [&](const Tensor& t) {
    return transposed ? contiguous(transpose(t, d, -1)) : t;
  };
  if (values != nullptr) *values = put_back(sorted);
  return put_back(indices);
}

int64_t length(const Tensor& x, int64_t d) { return x.dim() == 0 ? 1 : x.size(d); }

}  // namespace

std::tuple<Tensor, Tensor> sort(const Tensor& x, int64_t dim, bool descending) {
  const int64_t d = wrap_dim(dim, x.dim());
  Tensor values;
  Tensor indices = sorted_along(x, d, length(x, d), descending, &values);
  return {std::move(values), std::move(indices)};
}

Tensor argsort(const Tensor& x, int64_t dim, bool descending) {
  const int64_t d = wrap_dim(dim, x.dim());
  return sorted_along(x, d, length(x, d), descending, nullptr);
}

std::tuple<Tensor, Tensor> topk(const Tensor& x, int64_t k, int64_t dim, bool largest) {
  const int64_t d = wrap_dim(dim, x.dim());
  TAPER_CHECK(k >= 0 && k <= length(x, d), "selected index k out of range: k = ", k,
              " of a dimension of size ", length(x, d));
  Tensor values;
  // A 0-dim tensor has no size to become 0.
  Tensor indices = sorted_along(x, d, x.dim() == 0 ? 1 : k, largest, &values);
  return {std::move(values), std::move(indices)};
}

}  // namespace taper::raw
