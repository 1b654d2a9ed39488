#include "taper/tensor/raw/reduce.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "taper/tensor/kernels/formulas.h"
#include "taper/tensor/kernels/reduce.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/elementwise.h"
#include "taper/tensor/shape.h"

namespace taper::raw {
namespace {

using kernels::Domain;
using kernels::Formula;
using kernels::ReduceShape;
using kernels::Reduction;

// Neighbouring dimensions that one stride goes through.
struct Group {
  int64_t size;
  int64_t stride;
};

// The first two of a tensor's groups, and how many there are: no kernel goes through more.
struct Groups {
  Group first[2] = {{1, 1}, {1, 1}};
  int count = 0;

  void add(Group dim) {
    if (dim.size == 1) return;
    if (count == 1 || count == 2) {
      Group& last = first[count - 1];
      if (last.stride == dim.size * dim.stride) {
        last = {last.size * dim.size, dim.stride};
        return;
      }
    }
    if (count < 2) first[count] = dim;
    ++count;
  }
};

struct Layout {
  Groups kept;
  Groups reduced;

  Layout(const Tensor& x, IntArrayRef dims) {
    size_t next = 0;
    for (int64_t d = 0; d < x.dim(); ++d) {
      const bool goes = next < dims.size() && dims[next] == d;
      if (goes) ++next;
      (goes ? reduced : kept).add({x.size(d), x.stride(d)});
    }
  }
};

// x seen as the kernels want it. Where its strides do not allow that, x becomes a copy with the
// reduced dimensions last.
ReduceShape shape_for(Tensor& x, IntArrayRef dims) {
  const Layout layout(x, dims);
  if (layout.reduced.count <= 1 && layout.kept.count <= 2) {
    const Group n = layout.reduced.first[0];
    const Group* kept = layout.kept.first;
    if (layout.kept.count == 2) {
      if (kept[1].stride == 1) {
        return {kept[0].size, kept[0].stride, n.size, n.stride, kept[1].size};
      }
    } else if (kept[0].stride == 1 && n.stride != 1) {
      return {1, 0, n.size, n.stride, kept[0].size};
    } else {
      return {kept[0].size, kept[0].stride, n.size, n.stride, 1};
    }
  }
  DimVector order;
  int64_t outer = 1;
  for (int64_t d = 0; d < x.dim(); ++d) {
    if (std::binary_search(dims.begin(), dims.end(), d)) continue;
    order.push_back(d);
    outer *= x.size(d);
  }
  for (int64_t d : dims) order.push_back(d);
  x = contiguous(permute(x, order));
  const int64_t n = x.numel() / outer;
  return {outer, n, n, 1, 1};
}

// Bools are bytes of 0 and 1.
ScalarType element_type(const Tensor& x) {
  return x.scalar_type() == kBool ? kUInt8 : x.scalar_type();
}

double identity(Reduction op) { return op == Reduction::Prod ? 1 : 0; }

// `dims` are sorted. A result of the kernel's own kind, but Bool stays Bool for Max and Min.
Tensor run(Reduction op, Tensor x, IntArrayRef dims, bool keepdim, const Tensor& center = {}) {
  const ScalarType type = element_type(x);
  ScalarType out_type = kernels::reduced_type(op, type);
  if (x.scalar_type() == kBool && out_type == kUInt8) out_type = kBool;
  Tensor out = empty(reduced_shape(x.sizes(), dims, keepdim), out_type);
  if (out.numel() == 0) return out;
  if (x.numel() == 0) {
    fill(out, identity(op));
    return out;
  }
  if (!center.defined() && dims.size() > 1 && x.is_contiguous() &&
      Layout(x, dims).reduced.count > 1) {
    // In two steps: the last run of dimensions, then the others over the results of that.
    size_t begin = dims.size() - 1;
    while (begin > 0 && dims[begin - 1] == dims[begin] - 1) --begin;
    if (begin > 0) {
      const bool repeats = op == Reduction::Prod || op == Reduction::Max || op == Reduction::Min;
      const Tensor last = run(op, std::move(x), dims.slice(begin), true);
      const Tensor all = run(repeats ? op : Reduction::Sum, last, dims.slice(0, begin), true);
      return view(all, out.sizes());
    }
  }
  const ReduceShape shape = shape_for(x, dims);
  kernels::reduce(op, type, shape, x.data_ptr(), center.defined() ? center.data_ptr() : nullptr,
                  out.data_ptr());
  return out;
}

int64_t reduced_count(const Tensor& x, IntArrayRef dims) {
  int64_t count = 1;
  for (int64_t d : dims) count *= x.size(d);
  return count;
}

void divide_in_place(const Tensor& x, double divisor) {
  kernels::divide_by(x.scalar_type(), x.data_ptr(), x.numel(), divisor);
}

Tensor absolute(const Tensor& x) {
  return unary(Formula::Abs, kernels::make_params(formulas::Abs{}), Domain::kNumbers, x);
}

Tensor power(const Tensor& x, double p) {
  return unary(Formula::PowScalar, kernels::make_params(formulas::PowScalar{p}), Domain::kNumbers,
               x);
}

void sqrt_in_place(const Tensor& x) {
  unary_into(Formula::Sqrt, kernels::make_params(formulas::Sqrt{}), Domain::kFloats, x, x);
}

DimVector dims_of(std::optional<int64_t> dim, int64_t ndim) {
  return dim ? reduction_dims(OptionalIntArrayRef(*dim), ndim) : reduction_dims({}, ndim);
}

// What has no identity needs an element. `dims` as they were given, or none.
template <class E>
void check_not_empty(const Tensor& x, IntArrayRef dims, const char* who) {
  if (x.numel() != 0) return;
  if (dims.empty()) {
    detail::throw_error<E>(who,
                           "(): Expected reduction dim to be specified for input.numel() == 0. "
                           "Specify the reduction dim with the 'dim' argument.");
  }
  for (int64_t d : dims) {
    TAPER_CHECK_INDEX(x.size(d) != 0, who, "(): Expected reduction dim ", d,
                      " to have non-zero size.");
  }
}

Tensor extreme(Reduction op, const Tensor& x, IntArrayRef dims, bool keepdim, const char* who) {
  const DimVector sorted = reduction_dims(dims, x.dim());
  check_not_empty<Error>(x, dims, who);
  return run(op, x, sorted, keepdim);
}

// Values only where `values` is not null.
Tensor extreme_index(bool greatest, Tensor x, std::optional<int64_t> dim, bool keepdim,
                     Tensor* values, const char* who) {
  const DimVector dims = dims_of(dim, x.dim());
  check_not_empty<IndexError>(x, dim ? IntArrayRef(dims) : IntArrayRef(), who);
  TAPER_CHECK(values != nullptr || x.scalar_type() != kBool || x.numel() == 0, "\"", who,
              "_cpu\" not implemented for 'Bool'");
  const DimVector out_sizes = reduced_shape(x.sizes(), dims, keepdim);
  Tensor indices = empty(out_sizes, kInt64);
  if (values != nullptr) *values = empty(out_sizes, x.scalar_type());
  if (x.numel() == 0) return indices;
  const ScalarType type = element_type(x);
  ReduceShape shape{};
  if (dim) {
    shape = shape_for(x, dims);
  } else {
    // In row-major order, whatever the strides.
    x = contiguous(x);
    shape = {1, 0, x.numel(), 1, 1};
  }
  kernels::reduce_with_index(greatest, type, shape, x.data_ptr(),
                             values != nullptr ? values->data_ptr() : nullptr,
                             static_cast<int64_t*>(indices.data_ptr()));
  return indices;
}

// all and any: the least and the greatest truth value.
Tensor truth(Reduction op, const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  const DimVector dims = dims_of(dim, x.dim());
  Tensor result;
  if (x.numel() == 0) {
    result = full(reduced_shape(x.sizes(), dims, keepdim), op == Reduction::Min, kBool);
  } else {
    result = run(op, to(x, kBool), dims, keepdim);
  }
  return x.scalar_type() == kUInt8 ? to(result, kUInt8) : result;
}

}  // namespace

Tensor sum(const Tensor& x, OptionalIntArrayRef dims, bool keepdim,
           std::optional<ScalarType> dtype) {
  const Tensor in = dtype ? to(x, *dtype) : x;
  const Tensor result = run(Reduction::Sum, in, reduction_dims(dims, x.dim()), keepdim);
  return dtype ? to(result, *dtype) : result;
}

Tensor mean(const Tensor& x, OptionalIntArrayRef dims, bool keepdim,
            std::optional<ScalarType> dtype) {
  TAPER_CHECK(is_floating_point(dtype.value_or(x.scalar_type())),
              "mean(): could not infer output dtype. ", dtype ? "Optional" : "Input",
              " dtype must be either a floating point or complex dtype. Got: ",
              dtype.value_or(x.scalar_type()));
  const DimVector sorted = reduction_dims(dims, x.dim());
  Tensor result = run(Reduction::Sum, dtype ? to(x, *dtype) : x, sorted, keepdim);
  divide_in_place(result, static_cast<double>(reduced_count(x, sorted)));
  return result;
}

Tensor prod(const Tensor& x, std::optional<int64_t> dim, bool keepdim,
            std::optional<ScalarType> dtype) {
  const Tensor in = dtype ? to(x, *dtype) : x;
  const Tensor result = run(Reduction::Prod, in, dims_of(dim, x.dim()), keepdim);
  return dtype ? to(result, *dtype) : result;
}

Tensor amax(const Tensor& x, IntArrayRef dims, bool keepdim, const char* who) {
  return extreme(Reduction::Max, x, dims, keepdim, who);
}

Tensor amin(const Tensor& x, IntArrayRef dims, bool keepdim, const char* who) {
  return extreme(Reduction::Min, x, dims, keepdim, who);
}

std::tuple<Tensor, Tensor> aminmax(const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  if (dim) {
    const int64_t d = wrap_dim(*dim, x.dim());
    TAPER_CHECK_INDEX(x.dim() == 0 || x.size(d) != 0, "aminmax: Expected reduction dim ", d,
                      " to have non-zero size.");
  } else {
    TAPER_CHECK(x.numel() != 0,
                "aminmax(): cannot compute aminmax over an empty dimension as the operation has no "
                "identity.");
  }
  const DimVector dims = dims_of(dim, x.dim());
  Tensor low = run(Reduction::Min, x, dims, keepdim);
  Tensor high = run(Reduction::Max, x, dims, keepdim);
  // A 0-dim tensor whose only "dimension" is kept becomes 1-D, here alone, as in libtorch.
  if (x.dim() == 0 && dim && keepdim) return {view(low, {1}), view(high, {1})};
  return {std::move(low), std::move(high)};
}

std::tuple<Tensor, Tensor> max(const Tensor& x, int64_t dim, bool keepdim) {
  Tensor values;
  Tensor indices = extreme_index(true, x, dim, keepdim, &values, "max");
  return {std::move(values), std::move(indices)};
}

std::tuple<Tensor, Tensor> min(const Tensor& x, int64_t dim, bool keepdim) {
  Tensor values;
  Tensor indices = extreme_index(false, x, dim, keepdim, &values, "min");
  return {std::move(values), std::move(indices)};
}

Tensor argmax(const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  return extreme_index(true, x, dim, keepdim, nullptr, "argmax");
}

Tensor argmin(const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  return extreme_index(false, x, dim, keepdim, nullptr, "argmin");
}

Tensor var(const Tensor& x, OptionalIntArrayRef dims, int64_t correction, bool keepdim) {
  TAPER_CHECK(x.is_floating_point(),
              "std and var only support floating point and complex dtypes, got ", x.scalar_type());
  const DimVector sorted = reduction_dims(dims, x.dim());
  const auto n = static_cast<double>(reduced_count(x, sorted));
  const Tensor center = mean(x, sorted, keepdim);
  Tensor result = run(Reduction::SumSquaredDeviations, x, sorted, keepdim, center);
  // The mean is rounded; by the sum of the deviations from it the squares are put right.
  const Tensor deviations = run(Reduction::SumDeviations, x, sorted, keepdim, center);
  const Tensor excess = unary(Formula::Square, kernels::make_params(formulas::Square{}),
                              Domain::kNumbers, deviations);
  divide_in_place(excess, n);
  binary_into(Formula::Sub, kernels::make_params(formulas::Sub{}), Domain::kNumbers, result, excess,
              result, "var");
  divide_in_place(result, std::max(0.0, n - static_cast<double>(correction)));
  return result;
}

Tensor std(const Tensor& x, OptionalIntArrayRef dims, int64_t correction, bool keepdim) {
  Tensor result = var(x, dims, correction, keepdim);
  sqrt_in_place(result);
  return result;
}

Tensor norm(const Tensor& x, double p, OptionalIntArrayRef dims, bool keepdim) {
  TAPER_CHECK(x.is_floating_point(),
              "norm(): input dtype should be either floating point or complex. Got ",
              x.scalar_type(), " instead.");
  const DimVector sorted = reduction_dims(dims, x.dim());
  if (p == 0) {
    const Tensor zero = wrapped_number(0);
    return to(sum(compare(kernels::Comparison::Ne, x, zero), sorted, keepdim), x.scalar_type());
  }
  if (p == 1) return run(Reduction::Sum, absolute(x), sorted, keepdim);
  if (p == 2) {
    Tensor result = run(Reduction::SumSquares, x, sorted, keepdim);
    sqrt_in_place(result);
    return result;
  }
  if (std::isinf(p)) {
    if (x.numel() == 0) {
      return full(reduced_shape(x.sizes(), sorted, keepdim), p > 0 ? 0 : -p, x.scalar_type());
    }
    return run(p > 0 ? Reduction::Max : Reduction::Min, absolute(x), sorted, keepdim);
  }
  return power(run(Reduction::Sum, power(absolute(x), p), sorted, keepdim), 1 / p);
}

Tensor all(const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  return truth(Reduction::Min, x, dim, keepdim);
}

Tensor any(const Tensor& x, std::optional<int64_t> dim, bool keepdim) {
  return truth(Reduction::Max, x, dim, keepdim);
}

Tensor count_nonzero(const Tensor& x, OptionalIntArrayRef dims) {
  const Tensor counted =
      x.scalar_type() == kBool ? x : compare(kernels::Comparison::Ne, x, wrapped_number(0));
  return sum(counted, dims);
}

Tensor nansum(const Tensor& x, OptionalIntArrayRef dims, bool keepdim,
              std::optional<ScalarType> dtype) {
  if (!x.is_floating_point()) return sum(x, dims, keepdim, dtype);
  const ScalarType type = dtype.value_or(x.scalar_type());
  TAPER_CHECK(is_floating_point(type) || x.numel() == 0, "\"nansum_cpu\" not implemented for '",
              type, "'");
  const Tensor number = compare(kernels::Comparison::Eq, x, x);
  return sum(where(number, x, scalar_tensor(0, x.scalar_type())), dims, keepdim, dtype);
}

}  // namespace taper::raw
