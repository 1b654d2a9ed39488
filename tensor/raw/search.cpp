#include "taper/tensor/raw/search.h"

#include <algorithm>
#include <cmath>

#include "taper/tensor/kernels/search.h"
#include "taper/tensor/promotion.h"
#include "taper/tensor/raw/choose.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/elementwise.h"
#include "taper/tensor/raw/index.h"
#include "taper/tensor/raw/reduce.h"
#include "taper/tensor/raw/slices.h"
#include "taper/tensor/raw/sort.h"
#include "taper/tensor/shape.h"

namespace taper::raw {

// --- Where values go ---

namespace {

void check_search(const Tensor& sorted, const Tensor& values, bool right,
                  const std::optional<std::string>& side, const std::optional<Tensor>& sorter) {
  if (side) {
    TAPER_CHECK(*side == "left" || *side == "right",
                "torch.searchsorted(): side can only be 'left' or 'right' but got ", *side);
    TAPER_CHECK(!right || *side == "right",
                "torch.searchsorted(): side and right can't be set to opposites, got side of ",
                *side, " while right was True");
  }
  if (sorter && sorter->defined()) {
    TAPER_CHECK(sorter->sizes() == sorted.sizes(),
                "torch.searchsorted(): boundary and sorter must have the same size, but got "
                "boundary tensor ",
                sorted.sizes(), "and got sorter tensor ", sorter->sizes());
    TAPER_CHECK(sorter->scalar_type() == kInt64,
                "torch.searchsorted(): sorter must be a tensor of long dtype but got dtype ",
                sorter->scalar_type());
  }
  TAPER_CHECK(values.dim() != 0 || sorted.dim() == 1,
              "torch.searchsorted(): input value can be a scalar only when boundaries tensor "
              "dimension is 1, but we got boundaries tensor dim(",
              sorted.dim(), ") and input value's dim(", values.dim(), ") numel(", values.numel(),
              ")");
  TAPER_CHECK(sorted.dim() != 0,
              "torch.searchsorted(): boundaries tensor should have positive dimension, but got 0 "
              "dimension");
  if (sorted.dim() == 1) return;
  const size_t leading = sorted.sizes().size() - 1;
  TAPER_CHECK(sorted.dim() == values.dim() &&
                  sorted.sizes().slice(0, leading) == values.sizes().slice(0, leading),
              "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 "
              "dimensions of boundaries tensor and input value tensor must match, but we got "
              "boundaries tensor ",
              sorted.sizes(), " and input value tensor ", values.sizes());
}

}  // namespace

Tensor searchsorted(const Tensor& sorted, const Tensor& values, bool out_int32, bool right,
                    const std::optional<std::string>& side, const std::optional<Tensor>& sorter) {
  check_search(sorted, values, right, side, sorter);
  const bool after = right || (side && *side == "right");
  const ScalarType dtype = sorted.scalar_type() == values.scalar_type()
                               ? sorted.scalar_type()
                               : result_type(sorted, values);
  const Tensor out = empty(values.sizes(), kInt64);
  const int64_t length = sorted.size(-1);
  if (values.numel() != 0 && length == 0) {
    fill(out, 0);
  } else if (values.numel() != 0) {
    TAPER_CHECK(dtype != kBool, "\"searchsorted_out_cpu\" not implemented for 'Bool'");
    const Tensor rows = contiguous(to(sorted, dtype));
    const Tensor wanted = contiguous(to(values, dtype));
    const bool shared = sorted.dim() == 1;
    const int64_t per_row = shared ? values.numel() : values.size(-1);
    Tensor order;
    if (sorter && sorter->defined()) {
      order = contiguous(*sorter);
      TAPER_CHECK_INDEX(!first_out_of_bounds(order, 0, length),
                        "torch.searchsorted(): sorter index out of range");
    }
    kernels::searchsorted(dtype, shared ? 1 : values.numel() / per_row, length, shared,
                          rows.data_ptr(), order.defined() ? order.data_ptr<int64_t>() : nullptr,
                          per_row, wanted.data_ptr(), after, out.data_ptr<int64_t>());
  }
  return out_int32 ? to(out, kInt32) : out;
}

Tensor bucketize(const Tensor& values, const Tensor& boundaries, bool out_int32, bool right) {
  TAPER_CHECK(boundaries.dim() == 1, "boundaries tensor must be 1 dimension, but got dim(",
              boundaries.dim(), ")");
  return searchsorted(boundaries, values, out_int32, right, std::nullopt, std::nullopt);
}

Tensor isin(const Tensor& elements, const Tensor& tests, bool invert) {
  for (const Tensor& x : {elements, tests}) {
    TAPER_CHECK(x.scalar_type() != kBool,
                "Unsupported input type encountered for isin(): ", x.scalar_type());
  }
  const Tensor out = full(elements.sizes(), invert, kBool);
  if (elements.numel() == 0 || tests.numel() == 0) return out;
  const ScalarType dtype = result_type(elements, tests);
  const Tensor wanted = contiguous(to(elements, dtype));
  Tensor among = reshape(to(tests, dtype), {tests.numel()});
  // NaN is equal to nothing, and would stand in the way of the search.
  const Tensor comparable = compare(kernels::Comparison::Eq, among, among);
  among = index_select(among, 0, mask_positions(comparable));
  if (among.numel() == 0) return out;
  const Tensor sorted = std::get<0>(sort(among, 0, false));
  const Tensor places = searchsorted(sorted, wanted, false, false, std::nullopt, std::nullopt);
  // Past the end there is nothing equal, and a look at the last element finds that too.
  const Tensor last = scalar_tensor(among.numel() - 1, kInt64);
  const Tensor near = where(compare(kernels::Comparison::Lt, places, last), places, last);
  return compare(invert ? kernels::Comparison::Ne : kernels::Comparison::Eq, take(sorted, near),
                 wanted);
}

// --- Counting ---

Tensor bincount(const Tensor& x, const std::optional<Tensor>& weights, int64_t minlength) {
  TAPER_CHECK(!x.is_floating_point() && x.scalar_type() != kBool,
              "\"bincount_cpu\" not implemented for '", x.scalar_type(), "'");
  TAPER_CHECK(minlength >= 0, "minlength should be >= 0");
  if (x.dim() == 1 && x.numel() == 0) return zeros({minlength}, kInt64);
  const char* text = "bincount only supports 1-d non-negative integral inputs.";
  TAPER_CHECK(x.dim() == 1, text);
  const Tensor dense = contiguous(x);
  TAPER_CHECK(!first_out_of_bounds(to(dense, kInt64), 0, INT64_MAX), text);
  const bool weighted = weights && weights->defined();
  TAPER_CHECK(!weighted || (weights->dim() == 1 && weights->numel() == x.numel()),
              "weights should be 1-d and have the same length as input");
  const int64_t greatest = item(amax(dense, {})).toLong();
  const int64_t bins = std::max(greatest + 1, minlength);
  if (!weighted) {
    const Tensor counts = zeros({bins}, kInt64);
    kernels::bincount(x.scalar_type(), x.numel(), dense.data_ptr(), counts.data_ptr<int64_t>());
    return counts;
  }
  const ScalarType dtype = weights->scalar_type() == kFloat32 ? kFloat32 : kFloat64;
  const Tensor added = contiguous(to(*weights, dtype));
  const Tensor sums = zeros({bins}, dtype);
  kernels::bincount(x.scalar_type(), x.numel(), dense.data_ptr(), dtype, added.data_ptr(),
                    sums.data_ptr());
  return sums;
}

Tensor histc(const Tensor& x, int64_t bins, const Scalar& min, const Scalar& max) {
  TAPER_CHECK(x.scalar_type() != kBool, "\"linspace_cpu\" not implemented for 'Bool'");
  TAPER_CHECK(x.is_floating_point(), "\"histogram_cpu\" not implemented for '", x.scalar_type(),
              "'");
  TAPER_CHECK(bins > 0, "torch.histogram(): bins must be > 0, but got ", bins, " for dimension 0");
  // The bounds as the dtype has them.
  const auto rounded = [&](const Scalar& bound) {
    return item(scalar_tensor(bound, x.scalar_type())).toDouble();
  };
  double low = rounded(min), high = rounded(max);
  if (low == high && x.numel() != 0) {
    low = item(amin(x, {})).toDouble();
    high = item(amax(x, {})).toDouble();
  }
  if (low == high) {
    low -= 1;
    high += 1;
  }
  TAPER_CHECK(std::isfinite(low) && std::isfinite(high), "torch.histc: range of [", low, ", ", high,
              "] is not finite");
  TAPER_CHECK(low < high, "torch.histc: max must be larger than min");
  const Tensor counts = zeros({bins}, x.scalar_type());
  const Tensor dense = contiguous(x);
  kernels::histogram(x.scalar_type(), x.numel(), dense.data_ptr(), low, high, bins,
                     counts.data_ptr());
  return counts;
}

// --- Equal ones made one ---

namespace {

// The first `count` elements, in memory of their own.
Tensor prefix(const Tensor& x, int64_t count) { return clone(slice(x, 0, 0, count, 1)); }

Tensor none() { return empty({0}, kInt64); }

int64_t* data_of(const Tensor& x) { return x.defined() ? x.data_ptr<int64_t>() : nullptr; }

}  // namespace

Unique unique(const Tensor& x, bool sorted, bool return_inverse, bool return_counts) {
  const Tensor dense = contiguous(x);
  const Tensor values = empty({x.numel()}, x.scalar_type());
  // Whoever asks for the counts gets both, as in PyTorch.
  const Tensor inverse = return_inverse || return_counts ? empty(x.sizes(), kInt64) : Tensor();
  const Tensor counts = return_counts ? empty({x.numel()}, kInt64) : Tensor();
  const int64_t count = kernels::unique(x.scalar_type(), x.numel(), dense.data_ptr(), sorted,
                                        values.data_ptr(), data_of(inverse), data_of(counts));
  return {prefix(values, count), inverse.defined() ? inverse : none(),
          counts.defined() ? prefix(counts, count) : none()};
}

Unique unique_consecutive(const Tensor& x, bool return_inverse, bool return_counts) {
  const Tensor dense = contiguous(x);
  const Tensor values = empty({x.numel()}, x.scalar_type());
  const Tensor inverse = return_inverse ? empty(x.sizes(), kInt64) : Tensor();
  const Tensor counts = return_counts ? empty({x.numel()}, kInt64) : Tensor();
  const int64_t count =
      kernels::unique_consecutive(x.scalar_type(), x.numel(), dense.data_ptr(), values.data_ptr(),
                                  data_of(inverse), data_of(counts));
  return {prefix(values, count), inverse.defined() ? inverse : none(),
          counts.defined() ? prefix(counts, count) : none()};
}

Unique unique_slices(const Tensor& x, int64_t dim, bool consecutive) {
  const int64_t d = existing_dim(dim, x.dim());
  const int64_t rows = x.size(d);
  const auto empty_dims = std::count(x.sizes().begin(), x.sizes().end(), 0);
  if (rows == 0) {
    TAPER_CHECK(empty_dims == 1,
                "Number of zero sized dimensions is more than one, so unique cannot be applied ");
    return {clone(x), none(), none()};
  }
  TAPER_CHECK(empty_dims == 0,
              "There are 0 sized dimensions, and they aren't selected, so unique cannot be "
              "applied");
  DimVector order{d};
  for (int64_t i = 0; i < x.dim(); ++i) {
    if (i != d) order.push_back(i);
  }
  const Tensor dense = contiguous(permute(x, order));
  const Tensor picked = empty({rows}, kInt64);
  const Tensor inverse = empty({rows}, kInt64);
  const Tensor counts = empty({rows}, kInt64);
  const int64_t count = kernels::unique_rows(
      x.scalar_type(), rows, x.numel() / rows, dense.data_ptr(), consecutive,
      picked.data_ptr<int64_t>(), inverse.data_ptr<int64_t>(), counts.data_ptr<int64_t>());
  return {index_select(x, d, prefix(picked, count)), inverse, prefix(counts, count)};
}

}  // namespace taper::raw
