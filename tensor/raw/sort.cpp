#include "taper/tensor/raw/sort.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "taper/tensor/kernels/sort.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper::raw {
namespace {

int64_t length(const Tensor& x, int64_t d) { return x.dim() == 0 ? 1 : x.size(d); }

// The kernels' type: bools are bytes.
ScalarType element_type(const Tensor& x) {
  return x.scalar_type() == kBool ? kUInt8 : x.scalar_type();
}

// x with dimension d last, row-major, and results brought back from there.
class Rows {
 public:
  Rows(const Tensor& x, int64_t d)
      : d_(d), moved_(x.dim() > 1 && d != x.dim() - 1), n_(length(x, d)) {
    rows_ = contiguous(moved_ ? transpose(x, d, -1) : x);
  }
  int64_t n() const { return n_; }
  int64_t count() const { return rows_.numel() / n_; }
  const void* data() const { return rows_.data_ptr(); }
  // A result with k elements in each row (a 0-dim tensor stays one).
  Tensor result(int64_t k, ScalarType dtype) const {
    DimVector sizes = rows_.sizes();
    if (!sizes.empty()) sizes.back() = k;
    return empty(sizes, dtype);
  }
  Tensor put_back(const Tensor& t) const { return moved_ ? contiguous(transpose(t, d_, -1)) : t; }

 private:
  int64_t d_;
  bool moved_;
  int64_t n_;
  Tensor rows_;
};

// The first k of x sorted along dim d, by run(rows, values, indices).
template <class Run>
std::tuple<Tensor, Tensor> ordered(const Tensor& x, int64_t d, int64_t k, Run run) {
  const Rows rows(x, d);
  Tensor values = rows.result(k, x.scalar_type());
  Tensor indices = rows.result(k, kInt64);
  if (indices.numel() != 0) {
    run(rows, values.data_ptr(), static_cast<int64_t*>(indices.data_ptr()));
  }
  return {rows.put_back(values), rows.put_back(indices)};
}

// One element of each run along dim d.
template <class Run>
std::tuple<Tensor, Tensor> selected(const Tensor& x, int64_t d, bool keepdim, Run run) {
  auto [values, indices] = ordered(x, d, 1, run);
  if (keepdim || x.dim() == 0) return {std::move(values), std::move(indices)};
  const DimVector sizes = reduced_shape(x.sizes(), {d}, false);
  return {view(values, sizes), view(indices, sizes)};
}

void check_length(const Tensor& x, int64_t d, const char* who) {
  TAPER_CHECK_INDEX(length(x, d) != 0, who, "(): Expected reduction dim ", d,
                    " to have non-zero size.");
}

void check_not_bool(const Tensor& x, const char* kernel) {
  TAPER_CHECK(x.scalar_type() != kBool, "\"", kernel, "\" not implemented for 'Bool'");
}

}  // namespace

std::tuple<Tensor, Tensor> sort(const Tensor& x, int64_t dim, bool descending, bool stable) {
  const int64_t d = wrap_dim(dim, x.dim());
  return ordered(x, d, length(x, d), [&](const Rows& rows, void* values, int64_t* indices) {
    kernels::sort_rows(element_type(x), rows.count(), rows.n(), descending, stable, rows.data(),
                       values, indices);
  });
}

Tensor argsort(const Tensor& x, int64_t dim, bool descending, bool stable) {
  const int64_t d = wrap_dim(dim, x.dim());
  const Rows rows(x, d);
  const Tensor indices = rows.result(rows.n(), kInt64);
  if (indices.numel() != 0) {
    kernels::sort_rows(element_type(x), rows.count(), rows.n(), descending, stable, rows.data(),
                       nullptr, static_cast<int64_t*>(indices.data_ptr()));
  }
  return rows.put_back(indices);
}

std::tuple<Tensor, Tensor> topk(const Tensor& x, int64_t k, int64_t dim, bool largest,
                                bool sorted) {
  const int64_t d = wrap_dim(dim, x.dim());
  TAPER_CHECK(k >= 0 && k <= length(x, d), "selected index k out of range: k = ", k,
              " of a dimension of size ", length(x, d));
  if (x.numel() != 0 && k != 0) check_not_bool(x, "topk_cpu");
  // A 0-dim tensor has no size to become 0.
  const int64_t taken = x.dim() == 0 ? 1 : k;
  return ordered(x, d, taken, [&](const Rows& rows, void* values, int64_t* indices) {
    kernels::topk_rows(element_type(x), rows.count(), rows.n(), taken, largest, sorted, rows.data(),
                       values, indices);
  });
}

std::tuple<Tensor, Tensor> kthvalue(const Tensor& x, int64_t k, int64_t dim, bool keepdim) {
  const int64_t d = wrap_dim(dim, x.dim());
  check_length(x, d, "kthvalue");
  TAPER_CHECK(k >= 1 && k <= length(x, d),
              "kthvalue(): selected number k out of range for dimension ", d, ": k = ", k, " of ",
              length(x, d));
  if (x.dim() != 0) check_not_bool(x, "kthvalue_cpu");
  return selected(x, d, keepdim, [&](const Rows& rows, void* values, int64_t* indices) {
    kernels::kth_rows(element_type(x), rows.count(), rows.n(), k - 1, rows.data(), values, indices);
  });
}

std::tuple<Tensor, Tensor> median(const Tensor& x, int64_t dim, bool keepdim, bool ignore_nan) {
  const int64_t d = wrap_dim(dim, x.dim());
  check_length(x, d, "median");
  check_not_bool(x, "median_out");
  return selected(x, d, keepdim, [&](const Rows& rows, void* values, int64_t* indices) {
    kernels::median_rows(x.scalar_type(), rows.count(), rows.n(), ignore_nan, rows.data(), values,
                         indices);
  });
}

Tensor median(const Tensor& x, bool ignore_nan) {
  if (x.numel() == 0) {
    // What NaN becomes as an integer, for there is no other answer.
    const double nan = std::numeric_limits<double>::quiet_NaN();
    if (x.is_floating_point()) return full({}, nan, x.scalar_type());
    if (x.scalar_type() == kInt64) return full({}, std::numeric_limits<int64_t>::min(), kInt64);
    if (x.scalar_type() == kInt32) return full({}, std::numeric_limits<int32_t>::min(), kInt32);
    return full({}, x.scalar_type() == kBool, x.scalar_type());
  }
  check_not_bool(x, "median_cpu");
  return std::get<0>(median(reshape(x, {x.numel()}), 0, false, ignore_nan));
}

std::tuple<Tensor, Tensor> mode(const Tensor& x, int64_t dim, bool keepdim) {
  const int64_t d = wrap_dim(dim, x.dim());
  check_length(x, d, "mode");
  return selected(x, d, keepdim, [&](const Rows& rows, void* values, int64_t* indices) {
    kernels::mode_rows(element_type(x), rows.count(), rows.n(), rows.data(), values, indices);
  });
}

}  // namespace taper::raw
