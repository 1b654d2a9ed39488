#include "taper/tensor/raw/linalg.h"

#include <algorithm>

#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/kernels/elementwise.h"
#include "taper/tensor/kernels/gemm.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper::raw {
namespace {

// The two last dimensions of an operand as the kernels read them.
struct Matrix {
  int64_t rows;
  int64_t columns;
  int64_t stride;
  bool transposed;
  Tensor tensor;  // keeps the elements, which may be a copy

  template <class T>
  kernels::MatrixOperand<T> operand() const {
    return {static_cast<const T*>(tensor.data_ptr()), stride, transposed};
  }
  Matrix t() && {
    std::swap(rows, columns);
    transposed = !transposed;
    return std::move(*this);
  }
};

// Whether lines of `length` elements, `element` apart, stand one after the other `line` apart.
// Where there is but one line or one element, its stride says nothing.
bool in_lines(int64_t count, int64_t length, int64_t line, int64_t element) {
  return (element == 1 || length <= 1) && (line >= std::max<int64_t>(1, length) || count <= 1);
}

int64_t stride_of(int64_t count, int64_t length, int64_t line) {
  return count <= 1 ? std::max<int64_t>(1, length) : line;
}

Matrix matrix(const Tensor& x) {
  const size_t r = x.sizes().size() - 2;
  const int64_t rows = x.sizes()[r];
  const int64_t columns = x.sizes()[r + 1];
  const int64_t row_stride = x.strides()[r];
  const int64_t column_stride = x.strides()[r + 1];
  if (in_lines(rows, columns, row_stride, column_stride)) {
    return {rows, columns, stride_of(rows, columns, row_stride), false, x};
  }
  if (in_lines(columns, rows, column_stride, row_stride)) {
    return {rows, columns, stride_of(columns, rows, column_stride), true, x};
  }
  return {rows, columns, std::max<int64_t>(columns, 1), false, contiguous(x)};
}

// A vector whose stride BLAS takes.
Tensor vector(const Tensor& x) { return x.strides()[0] > 0 ? x : clone(x); }

void check_same(ScalarType expected, ScalarType found) {
  TAPER_CHECK(expected == found, "expected scalar type ", expected, " but found ", found);
}

void check_numbers(const char* kernel, const Tensor& a) {
  TAPER_CHECK(a.scalar_type() != kBool, "\"", kernel, "\" not implemented for 'Bool'");
}

void check_mm(const Tensor& a, const Matrix& ma, const Tensor& b, const Matrix& mb) {
  TAPER_CHECK(ma.columns == mb.rows, "mat1 and mat2 shapes cannot be multiplied (", ma.rows, "x",
              ma.columns, " and ", mb.rows, "x", mb.columns, ")");
  // Nothing is computed, so any dtype will do.
  if (ma.rows == 0 || ma.columns == 0 || mb.columns == 0) return;
  check_numbers("addmm_impl_cpu_", a);
  check_same(a.scalar_type(), b.scalar_type());
}

// The dtype in which the kernels see one that has passed the checks: empty products of bools give
// bytes of 0.
ScalarType number_type(ScalarType dtype) { return dtype == kBool ? kUInt8 : dtype; }

void multiply_into(const Tensor& out, const Matrix& a, const Matrix& b, const Scalar& beta,
                   const Scalar& alpha) {
  kernels::dispatch_numbers(number_type(out.scalar_type()), [&](auto tag) {
    using T = typename decltype(tag)::type;
    kernels::gemm<T>(a.rows, b.columns, a.columns, alpha.to<T>(), a.operand<T>(), b.operand<T>(),
                     beta.to<T>(), static_cast<T*>(out.data_ptr()),
                     std::max<int64_t>(b.columns, 1));
  });
}

// A new tensor of these sizes that holds x, broadcast and converted, unless beta is 0: NaN in x
// does not count then.
Tensor start_with(const Tensor& x, IntArrayRef sizes, ScalarType dtype, bool beta_is_zero) {
  if (!is_expandable_to(x.sizes(), sizes)) expand(x, sizes);  // throws
  Tensor out = empty(sizes, dtype);
  if (beta_is_zero) return out;
  // Not by raw::copy: a view for the broadcasting costs as much as a small product.
  DimVector strides(sizes.size(), 0);
  for (size_t d = sizes.size() - x.sizes().size(), i = 0; d < sizes.size(); ++d, ++i) {
    if (x.sizes()[i] != 1) strides[d] = x.strides()[i];
  }
  kernels::copy(dtype, {out.data_ptr(), out.strides().data()}, x.scalar_type(),
                {x.data_ptr(), strides.data()}, {static_cast<int>(sizes.size()), sizes.data()});
  return out;
}

// beta as the dtype sees it: 0.5 is 0 to integers.
bool is_zero(const Scalar& beta, ScalarType dtype) {
  return is_floating_point(dtype) ? beta.equal(0) : beta.to<int64_t>() == 0;
}

void check_no_bool(const Tensor& x) {
  TAPER_CHECK(x.scalar_type() != kBool,
              "result type Long can't be cast to the desired output type Bool");
}

// beta * x + alpha * a b, with PyTorch's errors for an x that does not fit.
Tensor add_product(const Tensor& x, const Matrix& a, const Matrix& b, const Scalar& beta,
                   const Scalar& alpha) {
  TAPER_CHECK(x.scalar_type() == b.tensor.scalar_type(),
              "self and mat2 must have the same dtype, but got ", x.scalar_type(), " and ",
              b.tensor.scalar_type());
  check_no_bool(x);
  const bool zero = is_zero(beta, x.scalar_type());
  Tensor out = start_with(x, DimVector{a.rows, b.columns}, x.scalar_type(), zero);
  multiply_into(out, a, b, zero ? Scalar(0) : beta, alpha);
  return out;
}

void check_bmm(const char* kernel, const Tensor& a, const Tensor& b) {
  TAPER_CHECK(a.dim() == 3, "batch1 must be a 3D tensor, but got a tensor of shape ", a.sizes());
  TAPER_CHECK(b.dim() == 3, "batch2 must be a 3D tensor, but got a tensor of shape ", b.sizes());
  TAPER_CHECK(b.size(0) == a.size(0) && b.size(1) == a.size(2),
              "Expected size for first two dimensions of batch2 tensor to be: [", a.size(0), ", ",
              a.size(2), "] but got: [", b.size(0), ", ", b.size(1), "].");
  if (a.numel() == 0 || b.numel() == 0) return;
  check_numbers(kernel, a);
  check_same(a.scalar_type(), b.scalar_type());
}

void multiply_batches_into(const Tensor& out, const Tensor& a, const Tensor& b, const Scalar& beta,
                           const Scalar& alpha) {
  const Matrix ma = matrix(a);
  const Matrix mb = matrix(b);
  kernels::dispatch_numbers(number_type(out.scalar_type()), [&](auto tag) {
    using T = typename decltype(tag)::type;
    kernels::gemm_batch<T>(a.size(0), ma.rows, mb.columns, ma.columns, alpha.to<T>(),
                           ma.operand<T>(), ma.tensor.strides()[0], mb.operand<T>(),
                           mb.tensor.strides()[0], beta.to<T>(), static_cast<T*>(out.data_ptr()));
  });
}

void multiply_vector_into(const Tensor& out, const Tensor& a, const Tensor& b, const Scalar& beta,
                          const Scalar& alpha) {
  const Matrix m = matrix(a);
  const Tensor v = vector(b);
  kernels::dispatch_numbers(number_type(out.scalar_type()), [&](auto tag) {
    using T = typename decltype(tag)::type;
    kernels::gemv<T>(m.rows, m.columns, alpha.to<T>(), m.operand<T>(),
                     static_cast<const T*>(v.data_ptr()), v.strides()[0], beta.to<T>(),
                     static_cast<T*>(out.data_ptr()), 1);
  });
}

// `dims` and `size`: of what is added, for the text.
void check_mv(int64_t dims, int64_t size, bool fits, const Tensor& a, const Tensor& b) {
  TAPER_CHECK(dims <= 1 && a.dim() == 2 && b.dim() == 1, "vector + matrix @ vector expected, got ",
              dims, ", ", a.dim(), ", ", b.dim());
  TAPER_CHECK(fits && a.size(1) == b.size(0), "size mismatch, got ", size, ", ", a.size(0), "x",
              a.size(1), ",", b.size(0));
  if (a.numel() == 0) return;
  check_numbers("addmv_impl_cpu", a);
  check_same(a.scalar_type(), b.scalar_type());
}

}  // namespace

Tensor mm(const Tensor& a, const Tensor& b) {
  TAPER_CHECK(a.dim() == 2, "self must be a matrix, but got a tensor of shape ", a.sizes());
  TAPER_CHECK(b.dim() == 2, "mat2 must be a matrix, but got a tensor of shape ", b.sizes());
  const Matrix ma = matrix(a);
  const Matrix mb = matrix(b);
  check_mm(a, ma, b, mb);
  Tensor out = empty({ma.rows, mb.columns}, a.scalar_type());
  multiply_into(out, ma, mb, 0, 1);
  return out;
}

Tensor addmm(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta,
             const Scalar& alpha) {
  TAPER_CHECK(a.dim() == 2, "mat1 must be a matrix, got ", a.dim(), "-D tensor");
  TAPER_CHECK(b.dim() == 2, "mat2 must be a matrix, got ", b.dim(), "-D tensor");
  const Matrix ma = matrix(a);
  const Matrix mb = matrix(b);
  check_mm(a, ma, b, mb);
  return add_product(x, ma, mb, beta, alpha);
}

void addmm_into(const Tensor& out, const Tensor& a, const Tensor& b, const Scalar& beta,
                const Scalar& alpha) {
  TAPER_CHECK(a.dim() == 2 && b.dim() == 2, "addmm: expected two matrices, got shapes ", a.sizes(),
              " and ", b.sizes());
  const Matrix ma = matrix(a);
  const Matrix mb = matrix(b);
  check_mm(a, ma, b, mb);
  TAPER_CHECK(out.sizes() == IntArrayRef({ma.rows, mb.columns}) && out.is_contiguous() &&
                  out.scalar_type() == a.scalar_type(),
              "addmm: expected a row-major result of shape [", ma.rows, ", ", mb.columns,
              "] and dtype ", a.scalar_type(), ", got shape ", out.sizes(), " and dtype ",
              out.scalar_type());
  multiply_into(out, ma, mb, beta, alpha);
}

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  TAPER_CHECK(x.dim() == 2, "linear: expected an input of 2 dimensions, got shape ", x.sizes());
  TAPER_CHECK(weight.dim() == 2, "linear: expected a weight of 2 dimensions, got shape ",
              weight.sizes());
  const Matrix mx = matrix(x);
  const Matrix mw = matrix(weight).t();
  check_mm(x, mx, weight, mw);
  if (bias.defined()) return add_product(bias, mx, mw, 1, 1);
  Tensor out = empty({mx.rows, mw.columns}, x.scalar_type());
  multiply_into(out, mx, mw, 0, 1);
  return out;
}

Tensor bmm(const Tensor& a, const Tensor& b) {
  check_bmm("bmm", a, b);
  Tensor out = empty({a.size(0), a.size(1), b.size(2)}, a.scalar_type());
  multiply_batches_into(out, a, b, 0, 1);
  return out;
}

Tensor baddbmm(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta,
               const Scalar& alpha) {
  const DimVector sizes = {a.size(0), a.size(1), b.size(2)};
  if (!is_expandable_to(x.sizes(), sizes)) expand(x, sizes);  // throws
  check_bmm("baddbmm", a, b);
  check_no_bool(a);
  const bool zero = is_zero(beta, a.scalar_type());
  Tensor out = start_with(x, sizes, a.scalar_type(), zero);
  multiply_batches_into(out, a, b, zero ? Scalar(0) : beta, alpha);
  return out;
}

Tensor mv(const Tensor& a, const Tensor& b) {
  check_mv(1, a.dim() == 0 ? 0 : a.sizes()[0], true, a, b);
  Tensor out = empty({a.size(0)}, a.scalar_type());
  multiply_vector_into(out, a, b, 0, 1);
  return out;
}

Tensor addmv(const Tensor& x, const Tensor& mat, const Tensor& vec, const Scalar& beta,
             const Scalar& alpha) {
  check_mv(x.dim(), x.dim() == 0 ? 1 : x.sizes()[0],
           x.numel() == 1 || (x.dim() == 1 && mat.dim() == 2 && x.size(0) == mat.size(0)), mat,
           vec);
  const bool zero = is_zero(beta, mat.scalar_type());
  Tensor out = start_with(x, DimVector{mat.size(0)}, mat.scalar_type(), zero);
  const bool one = zero || mat.scalar_type() == kBool;  // a true stays a 1
  multiply_vector_into(out, mat, vec, one ? Scalar(zero ? 0 : 1) : beta, alpha);
  return out;
}

Tensor dot(const Tensor& a, const Tensor& b) {
  TAPER_CHECK(a.dim() == 1 && b.dim() == 1, "1D tensors expected, but got ", a.dim(), "D and ",
              b.dim(), "D tensors");
  TAPER_CHECK(a.scalar_type() == b.scalar_type(),
              "dot : expected both vectors to have same dtype, but found ", a.scalar_type(),
              " and ", b.scalar_type());
  TAPER_CHECK(a.numel() == b.numel(), "inconsistent tensor size, expected tensor ", a.sizes(),
              " and src ", b.sizes(), " to have the same number of elements, but got ", a.numel(),
              " and ", b.numel(), " elements respectively");
  check_numbers("dot", a);
  const Tensor x = vector(a);
  const Tensor y = vector(b);
  Tensor out = empty({}, a.scalar_type());
  kernels::dispatch_numbers(a.scalar_type(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    *static_cast<T*>(out.data_ptr()) =
        kernels::dot<T>(a.numel(), static_cast<const T*>(x.data_ptr()), x.strides()[0],
                        static_cast<const T*>(y.data_ptr()), y.strides()[0]);
  });
  return out;
}

}  // namespace taper::raw
