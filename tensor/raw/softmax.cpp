#include "taper/tensor/raw/softmax.h"

#include <algorithm>
#include <limits>

#include "taper/tensor/kernels/softmax.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper::raw {
namespace {

// x, dense, with dimension d last.
Tensor rows_along(const Tensor& x, int64_t d) {
  return contiguous(x.dim() < 2 ? x : transpose(x, d, -1));
}

// Back from rows_along.
Tensor put_back(const Tensor& rows, int64_t d) { return rows_along(rows, d); }

int64_t row_length(const Tensor& rows) { return rows.dim() == 0 ? 1 : rows.size(-1); }

Tensor softmax_of(bool log, const Tensor& x, int64_t dim) {
  const int64_t d = wrap_dim(dim, x.dim());
  if (!x.is_floating_point() && x.numel() == 0) return empty_like(x);
  const char* kernel = d < x.dim() - 1 ? "softmax_kernel_impl"
                       : log           ? "log_softmax_lastdim_kernel_impl"
                                       : "softmax_lastdim_kernel_impl";
  TAPER_CHECK(x.is_floating_point(), "\"", kernel, "\" not implemented for '", x.scalar_type(),
              "'");
  const Tensor rows = rows_along(x, d);
  Tensor y = empty_like(rows);
  if (x.numel() != 0) {
    const int64_t n = row_length(rows);
    kernels::softmax(log, x.scalar_type(), x.numel() / n, n, rows.data_ptr(), y.data_ptr());
  }
  return put_back(y, d);
}

Tensor softmax_backward_of(bool log, const Tensor& g, const Tensor& y, int64_t dim) {
  const int64_t d = wrap_dim(dim, y.dim());
  const Tensor g_rows = rows_along(g, d);
  const Tensor y_rows = rows_along(y, d);
  Tensor dx = empty_like(y_rows);
  if (y.numel() != 0) {
    const int64_t n = row_length(y_rows);
    kernels::softmax_backward(log, y.scalar_type(), y.numel() / n, n, g_rows.data_ptr(),
                              y_rows.data_ptr(), dx.data_ptr());
  }
  return put_back(dx, d);
}

}  // namespace

Tensor softmax(const Tensor& x, int64_t dim) { return softmax_of(false, x, dim); }

Tensor log_softmax(const Tensor& x, int64_t dim) { return softmax_of(true, x, dim); }

Tensor softmax_backward(const Tensor& g, const Tensor& y, int64_t dim) {
  return softmax_backward_of(false, g, y, dim);
}

Tensor log_softmax_backward(const Tensor& g, const Tensor& y, int64_t dim) {
  return softmax_backward_of(true, g, y, dim);
}

Tensor logsumexp(const Tensor& input, IntArrayRef dims, bool keepdim) {
  const Tensor x = input.is_floating_point() ? input : to(input, get_default_dtype_as_scalartype());
  const DimVector sorted = reduction_dims(dims, x.dim());
  Tensor out = empty(reduced_shape(x.sizes(), sorted, keepdim), x.scalar_type());
  if (out.numel() == 0) return out;
  if (x.numel() == 0) {
    fill(out, -std::numeric_limits<double>::infinity());
    return out;
  }
  DimVector order;
  for (int64_t d = 0; d < x.dim(); ++d) {
    if (!std::binary_search(sorted.begin(), sorted.end(), d)) order.push_back(d);
  }
  for (int64_t d : sorted) order.push_back(d);
  const Tensor rows = contiguous(permute(x, order));
  kernels::logsumexp(x.scalar_type(), out.numel(), x.numel() / out.numel(), rows.data_ptr(),
                     out.data_ptr());
  return out;
}

}  // namespace taper::raw
