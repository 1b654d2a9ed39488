#include "taper/tensor/raw/scan.h"

#include <utility>

#include "taper/tensor/kernels/scan.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper::raw {
namespace {

using kernels::Scan;

// A dense tensor's sizes before, along and after a dimension.
struct Around {
  int64_t outer = 1;
  int64_t n = 1;
  int64_t inner = 1;

  Around(const Tensor& x, int64_t dim) {
    for (int64_t d = 0; d < x.dim(); ++d) {
      (d < dim ? outer : d == dim ? n : inner) *= x.size(d);
    }
  }
};

Tensor scan(Scan op, const Tensor& x, int64_t dim, ScalarType type) {
  const int64_t d = wrap_dim(dim, x.dim());
  const Tensor in = contiguous(to(to(x, type), is_floating_point(type) ? type : kInt64));
  const Tensor out = empty(x.sizes(), in.scalar_type());
  if (x.numel() != 0) {
    const Around sizes(x, d);
    kernels::scan(op, in.scalar_type(), sizes.outer, sizes.n, sizes.inner, in.data_ptr(),
                  out.data_ptr());
  }
  return to(out, type);
}

ScalarType type_for(const Tensor& x, std::optional<ScalarType> dtype) {
  return dtype ? *dtype : x.is_floating_point() ? x.scalar_type() : kInt64;
}

std::tuple<Tensor, Tensor> scan_extreme(bool greatest, const Tensor& x, int64_t dim) {
  // A 0-dim tensor has whatever dimension is named.
  const int64_t d = x.dim() == 0 ? 0 : wrap_dim(dim, x.dim());
  const Tensor in = contiguous(x);
  Tensor values = empty(x.sizes(), x.scalar_type());
  Tensor indices = empty(x.sizes(), kInt64);
  if (x.numel() != 0) {
    const Around sizes(x, d);
    kernels::scan_extreme(greatest, x.scalar_type() == kBool ? kUInt8 : x.scalar_type(),
                          sizes.outer, sizes.n, sizes.inner, in.data_ptr(), values.data_ptr(),
                          static_cast<int64_t*>(indices.data_ptr()));
  }
  return {std::move(values), std::move(indices)};
}

}  // namespace

Tensor cumsum(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype) {
  return scan(Scan::Sum, x, dim, type_for(x, dtype));
}

Tensor cumprod(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype) {
  return scan(Scan::Prod, x, dim, type_for(x, dtype));
}

Tensor logcumsumexp(const Tensor& x, int64_t dim) {
  wrap_dim(dim, x.dim());
  TAPER_CHECK(x.is_floating_point(), "\"logcumsumexp_out_cpu\" not implemented for '",
              x.scalar_type(), "'");
  return scan(Scan::LogSumExp, x, dim, x.scalar_type());
}

std::tuple<Tensor, Tensor> cummax(const Tensor& x, int64_t dim) {
  return scan_extreme(true, x, dim);
}

std::tuple<Tensor, Tensor> cummin(const Tensor& x, int64_t dim) {
  return scan_extreme(false, x, dim);
}

}  // namespace taper::raw
