// What is made of products: of more dimensions, of many matrices, of vectors in space.

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::Save;

Tensor tensordot(const Tensor& a, const Tensor& b, IntArrayRef dims_a, IntArrayRef dims_b) {
  TAPER_CHECK(dims_a.size() == dims_b.size(), "both dimension lists should have same length, got ",
              dims_a, " and ", dims_b);
  Tensor left = a;
  Tensor right = b;
  DimVector last_a;
  DimVector last_b;
  int64_t inner = 1;
  for (size_t i = 0; i < dims_a.size(); ++i) {
    const int64_t da = wrap_dim(dims_a[i], a.dim());
    const int64_t db = wrap_dim(dims_b[i], b.dim());
    TAPER_CHECK(std::find(last_a.begin(), last_a.end(), da) == last_a.end() &&
                    std::find(last_b.begin(), last_b.end(), db) == last_b.end(),
                "dim ", da, " or ", db, " appears multiple times in the list of dims");
    last_a.push_back(da);
    last_b.push_back(db);
    const int64_t size_a = a.size(da);
    const int64_t size_b = b.size(db);
    // A dimension of size 1 is broadcast: the other one is added up.
    if (size_b == 1) left = sum(left, da, true);
    if (size_b != 1 && size_a == 1) right = sum(right, db, true);
    TAPER_CHECK(size_a == size_b || size_a == 1 || size_b == 1,
                "contracted dimensions need to match, but first has size ", size_a, " in dim ", da,
                " and second has size ", size_b, " in dim ", db);
    inner *= left.size(da);
  }
  const auto others = [](const Tensor& x, const DimVector& dims) {
    DimVector rest;
    for (int64_t d = 0; d < x.dim(); ++d) {
      if (std::find(dims.begin(), dims.end(), d) == dims.end()) rest.push_back(d);
    }
    return rest;
  };
  DimVector order_a = others(left, last_a);
  DimVector order_b = last_b;
  DimVector sizes;
  int64_t rows = 1;
  int64_t columns = 1;
  for (int64_t d : order_a) {
    sizes.push_back(left.size(d));
    rows *= left.size(d);
  }
  for (int64_t d : others(right, last_b)) {
    order_b.push_back(d);
    sizes.push_back(right.size(d));
    columns *= right.size(d);
  }
  for (int64_t d : last_a) order_a.push_back(d);
  return reshape(mm(reshape(permute(left, order_a), {rows, inner}),
                    reshape(permute(right, order_b), {inner, columns})),
                 sizes);
}

Tensor inner(const Tensor& a, const Tensor& b) {
  if (a.dim() == 0 || b.dim() == 0) return mul(a, b);
  TAPER_CHECK(a.size(-1) == b.size(-1),
              "inner() the last dimension must match on both input tensors but got shapes ",
              a.sizes(), " and ", b.sizes());
  return tensordot(a, b, {-1}, {-1});
}

Tensor kron(const Tensor& a, const Tensor& b) {
  const int64_t ndim = std::max(a.dim(), b.dim());
  DimVector sizes_a;
  DimVector sizes_b;
  DimVector sizes;
  const auto size_of = [ndim](const Tensor& x, int64_t d) {
    const int64_t missing = ndim - x.dim();
    return d < missing ? 1 : x.size(d - missing);
  };
  for (int64_t d = 0; d < ndim; ++d) {
    const int64_t size_a = size_of(a, d);
    const int64_t size_b = size_of(b, d);
    sizes_a.push_back(size_a);
    sizes_a.push_back(1);
    sizes_b.push_back(1);
    sizes_b.push_back(size_b);
    sizes.push_back(size_a * size_b);
  }
  return reshape(mul(reshape(a, sizes_a), reshape(b, sizes_b)), sizes);
}

Tensor linalg_matmul(const Tensor& a, const Tensor& b) { return matmul(a, b); }

// By squaring.
Tensor linalg_matrix_power(const Tensor& x, int64_t n) {
  TAPER_CHECK(x.dim() >= 2,
              "linalg.matrix_power: The input tensor A must have at least 2 dimensions.");
  TAPER_CHECK(x.size(-1) == x.size(-2),
              "linalg.matrix_power: A must be batches of square matrices, but they are ",
              x.size(-2), " by ", x.size(-1), " matrices");
  if (n < 0) {
    detail::throw_error<NotImplementedError>(
        "linalg.matrix_power: a negative power needs an inverse, which taper does not compute");
  }
  if (n == 0) return clone(eye(x.size(-1), x.options()).expand(x.sizes()));
  if (n == 1) return clone(x);
  if (n == 3) return matmul(matmul(x, x), x);
  Tensor square = x;
  Tensor result;
  for (; n > 0; n /= 2) {
    if (n % 2 != 0) result = result.defined() ? matmul(result, square) : square;
    if (n > 1) square = matmul(square, square);
  }
  return result;
}
Tensor matrix_power(const Tensor& x, int64_t n) { return linalg_matrix_power(x, n); }

namespace {

// Where to cut the product of matrices first .. last, from the costs of all products inside.
class ChainOrder {
 public:
  explicit ChainOrder(const std::vector<Tensor>& matrices)
      : n_(matrices.size()), cuts_(n_ * n_), costs_(n_ * n_) {
    const auto flops = [&](size_t first, size_t cut, size_t last) {
      return static_cast<double>(matrices[first].size(0)) *
             static_cast<double>(matrices[cut].size(1)) *
             static_cast<double>(matrices[last].size(1));
    };
    for (size_t length = 1; length < n_; ++length) {
      for (size_t first = 0; first + length < n_; ++first) {
        const size_t last = first + length;
        double& best = costs_[first * n_ + last];
        best = std::numeric_limits<double>::infinity();
        for (size_t cut = first; cut < last; ++cut) {
          const double cost =
              costs_[first * n_ + cut] + costs_[(cut + 1) * n_ + last] + flops(first, cut, last);
          if (cost >= best) continue;
          best = cost;
          cuts_[first * n_ + last] = cut;
        }
      }
    }
  }

  Tensor product(const std::vector<Tensor>& matrices, size_t first, size_t last) const {
    if (first == last) return matrices[first];
    const size_t cut = cuts_[first * n_ + last];
    return mm(product(matrices, first, cut), product(matrices, cut + 1, last));
  }

 private:
  size_t n_;
  std::vector<size_t> cuts_;
  std::vector<double> costs_;
};

}  // namespace

Tensor linalg_multi_dot(TensorList tensors) {
  const size_t n = tensors.size();
  TAPER_CHECK(n >= 2, "multi_dot(): expected at least 2 tensors but got ", n);
  std::vector<Tensor> matrices = tensors.vec();
  DimVector sizes;
  const auto check_end = [](const char* which, const Tensor& x) {
    TAPER_CHECK(x.dim() == 1 || x.dim() == 2, "multi_dot(): the ", which,
                " tensor must be 1D or 2D but got ", x.dim(), "D");
  };
  check_end("first", tensors.front());
  check_end("last", tensors.back());
  if (tensors.front().dim() == 1) {
    matrices.front() = unsqueeze(tensors.front(), 0);
  } else {
    sizes.push_back(tensors.front().size(0));
  }
  if (tensors.back().dim() == 1) {
    matrices.back() = unsqueeze(tensors.back(), -1);
  } else {
    sizes.push_back(tensors.back().size(1));
  }
  for (size_t i = 1; i + 1 < n; ++i) {
    TAPER_CHECK(tensors[i].dim() == 2, "multi_dot(): tensor ", i, " must be 2D but got ",
                tensors[i].dim(), "D");
  }
  for (size_t i = 0; i + 1 < n; ++i) {
    TAPER_CHECK(tensors[i].scalar_type() == tensors[i + 1].scalar_type(),
                "multi_dot(): all tensors must have be the same dtype but tensor 0 is ",
                tensors[i].scalar_type(), " and tensor ", i + 1, " ", tensors[i + 1].scalar_type());
    TAPER_CHECK(matrices[i].size(1) == matrices[i + 1].size(0), "multi_dot(): tensors ", i, " and ",
                i + 1, " with shapes ", tensors[i].sizes(), " and ", tensors[i + 1].sizes(),
                " cannot be multiplied");
  }
  return reshape(ChainOrder(matrices).product(matrices, 0, n - 1), sizes);
}

Tensor chain_matmul(TensorList matrices) {
  for (const Tensor& x : matrices) {
    TAPER_CHECK(x.dim() == 2, "Tensor dimension is ", x.dim(), ", expected 2 instead.");
  }
  TAPER_CHECK(matrices.size() != 0, "chain_matmul(): Expected one or more matrices");
  return matrices.size() == 1 ? matrices[0] : linalg_multi_dot(matrices);
}

// --- Vectors in space ---

Tensor linalg_cross(const Tensor& a, const Tensor& b, int64_t dim) {
  TAPER_CHECK(a.dim() == b.dim(), "linalg.cross: inputs must have the same number of dimensions.");
  const int64_t d = wrap_dim(dim, a.dim());
  TAPER_CHECK(a.size(d) == 3 && b.size(d) == 3, "linalg.cross: inputs dimension ", dim,
              " must have length 3. Got ", a.size(d), " and ", b.size(d));
  TAPER_CHECK(a.scalar_type() != kBool, "\"cross\" not implemented for 'Bool'");
  TAPER_CHECK(a.scalar_type() == b.scalar_type(), "expected scalar type ", a.scalar_type(),
              " but found ", b.scalar_type());
  Tensor y;
  {
    NoGradGuard no_grad;
    const auto at = [d](const Tensor& x, int64_t i) { return narrow(x, d, i % 3, 1); };
    std::vector<Tensor> parts;
    for (int64_t i = 0; i < 3; ++i) {
      parts.push_back(at(a, i + 1) * at(b, i + 2) - at(a, i + 2) * at(b, i + 1));
    }
    y = cat(parts, d);
  }
  return record("LinalgCrossBackward0", y, {a, b}, [&](Save& s) {
    return [a = s.input(a, 1), b = s.input(b, 0), d](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.needs(0)) ctx.grad(0, linalg_cross(b(), g, d));
      if (ctx.needs(1)) ctx.grad(1, linalg_cross(g, a(), d));
    };
  });
}

Tensor cross(const Tensor& a, const Tensor& b, std::optional<int64_t> dim) {
  if (dim) return linalg_cross(a, b, *dim);
  for (int64_t d = 0; d < a.dim(); ++d) {
    if (a.size(d) == 3) return linalg_cross(a, b, d);
  }
  detail::throw_error<Error>("no dimension of size 3 in input, whose shape is ", a.sizes());
}

Tensor trace(const Tensor& x) {
  TAPER_CHECK(x.scalar_type() != kBool, "\"trace\" not implemented for 'Bool'");
  TAPER_CHECK(x.dim() == 2, "trace: expected a matrix, but got tensor with dim ", x.dim());
  Tensor y;
  {
    NoGradGuard no_grad;
    y = sum(raw::diagonal(x, 0, 0, 1));
  }
  return record("TraceBackward0", y, {x}, [&](Save&) {
    return [rows = x.size(0), columns = x.size(1)](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      ctx.grad(0, g * eye(rows, columns, g.options().requires_grad(false)));
    };
  });
}

Tensor Tensor::inner(const Tensor& other) const { return taper::inner(*this, other); }
Tensor Tensor::kron(const Tensor& other) const { return taper::kron(*this, other); }
Tensor Tensor::matrix_power(int64_t n) const { return taper::matrix_power(*this, n); }
Tensor Tensor::cross(const Tensor& other, std::optional<int64_t> dim) const {
  return taper::cross(*this, other, dim);
}
Tensor Tensor::trace() const { return taper::trace(*this); }

}  // namespace taper
