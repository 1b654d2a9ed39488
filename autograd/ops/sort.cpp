// Ordering along a dimension, and the elements at certain places in the order. The gradients go
// back to where the elements came from.

#include "taper/tensor/raw/sort.h"

#include <optional>
#include <string_view>
#include <tuple>

#include "taper/autograd/ops.h"
#include "taper/autograd/ops/taken.h"
#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::record_moved;
using autograd::record_shared;
using autograd::record_taken;

namespace {

std::tuple<Tensor, Tensor> sort_of(const Tensor& x, int64_t dim, bool descending, bool stable) {
  return record_moved("SortBackward0", raw::sort(x, dim, descending, stable), x, dim);
}

}  // namespace

std::tuple<Tensor, Tensor> sort(const Tensor& x, int64_t dim, bool descending) {
  return sort_of(x, dim, descending, false);
}
std::tuple<Tensor, Tensor> sort(const Tensor& x, std::optional<bool> stable, int64_t dim,
                                bool descending) {
  TAPER_CHECK(stable.has_value(), "sort(): c10::optional<bool> for stable has to have value.");
  return sort_of(x, dim, descending, *stable);
}
Tensor argsort(const Tensor& x, int64_t dim, bool descending) {
  return raw::argsort(x, dim, descending, false);
}
Tensor detail::stable_argsort(const Tensor& x, int64_t dim, bool descending) {
  return raw::argsort(x, dim, descending, true);
}
Tensor msort(const Tensor& x) { return std::get<0>(sort(x, 0, false)); }
std::tuple<Tensor, Tensor> topk(const Tensor& x, int64_t k, int64_t dim, bool largest,
                                bool sorted) {
  return record_moved("TopkBackward0", raw::topk(x, k, dim, largest, sorted), x, dim);
}

std::tuple<Tensor, Tensor> kthvalue(const Tensor& x, int64_t k, int64_t dim, bool keepdim) {
  return record_taken("KthvalueBackward0", raw::kthvalue(x, k, dim, keepdim), x, dim, keepdim);
}
Tensor median(const Tensor& x) {
  return record_shared("MedianBackward0", raw::median(x, false), x, std::nullopt, false);
}
std::tuple<Tensor, Tensor> median(const Tensor& x, int64_t dim, bool keepdim) {
  return record_taken("MedianBackward1", raw::median(x, dim, keepdim, false), x, dim, keepdim);
}
Tensor nanmedian(const Tensor& x) {
  return record_shared("NanmedianBackward0", raw::median(x, true), x, std::nullopt, false);
}
std::tuple<Tensor, Tensor> nanmedian(const Tensor& x, int64_t dim, bool keepdim) {
  return record_taken("NanmedianBackward1", raw::median(x, dim, keepdim, true), x, dim, keepdim);
}
std::tuple<Tensor, Tensor> mode(const Tensor& x, int64_t dim, bool keepdim) {
  return record_taken("ModeBackward0", raw::mode(x, dim, keepdim), x, dim, keepdim);
}

namespace {

void check_interpolation(std::string_view name) {
  const bool known = name == "linear" || name == "lower" || name == "higher" ||
                     name == "midpoint" || name == "nearest";
  TAPER_CHECK(known,
              "quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, "
              "but got ",
              name);
}

// q [Q] -> the quantiles of the rows of x sorted along their last dimension, [..., Q].
Tensor quantiles_of_rows(const Tensor& sorted, const Tensor& q, std::string_view interpolation) {
  const int64_t n = sorted.size(-1);
  DimVector sizes = sorted.sizes();
  sizes.back() = q.numel();
  // NaN sorts last; a row with one has no other quantile.
  Tensor ranks = (q * static_cast<double>(n - 1)).expand(sizes);
  ranks = ranks.masked_fill(isnan(narrow(sorted.detach(), -1, n - 1, 1)), n - 1);
  if (interpolation == "lower") ranks = floor(ranks);
  if (interpolation == "higher") ranks = ceil(ranks);
  if (interpolation == "nearest") ranks = round(ranks);
  const Tensor below = floor(ranks);
  const Tensor low = gather(sorted, -1, below.to(kInt64));
  if (interpolation != "linear" && interpolation != "midpoint") return low;
  const Tensor high = gather(sorted, -1, ceil(ranks).to(kInt64));
  return lerp(low, high, interpolation == "midpoint" ? full_like(ranks, 0.5) : ranks - below);
}

}  // namespace

Tensor quantile(const Tensor& x, const Tensor& q, std::optional<int64_t> dim, bool keepdim,
                std::string_view interpolation) {
  check_interpolation(interpolation);
  TAPER_CHECK(x.numel() > 0, "quantile() input tensor must be non-empty");
  TAPER_CHECK(q.dim() <= 1, "quantile() q must be a scalar or 1D tensor");
  TAPER_CHECK(x.is_floating_point(),
              "quantile() input tensor must be either float or double dtype");
  TAPER_CHECK(q.scalar_type() == x.scalar_type(),
              "quantile() q tensor must be same dtype as the input tensor");
  TAPER_CHECK(raw::item(all(logical_and(q >= 0, q <= 1))).toBool(),
              "quantile() q values must be in the range [0, 1]");
  const int64_t d = dim ? wrap_dim(*dim, x.dim()) : 0;
  Tensor rows = dim && x.dim() > 0 ? transpose(unsqueeze(x, -1), d, -1) : flatten(x);
  Tensor result =
      quantiles_of_rows(std::get<0>(sort(rows)), q.dim() == 0 ? unsqueeze(q, 0) : q, interpolation);
  // [..., Q] with size 1 at d (or 1-D): Q goes to the front, and the other sizes as they are asked.
  DimVector sizes;
  if (dim) {
    sizes = reduced_shape(x.sizes(), x.dim() == 0 ? IntArrayRef() : IntArrayRef(d), keepdim);
  } else if (keepdim) {
    sizes = DimVector(static_cast<size_t>(x.dim()), 1);
  }
  if (q.dim() == 0) return reshape(result, sizes);
  sizes.insert(0, q.numel());
  DimVector order = {result.dim() - 1};
  for (int64_t i = 0; i + 1 < result.dim(); ++i) order.push_back(i);
  return reshape(permute(result, order), sizes);
}
Tensor quantile(const Tensor& x, double q, std::optional<int64_t> dim, bool keepdim,
                std::string_view interpolation) {
  check_interpolation(interpolation);
  TAPER_CHECK(q >= 0 && q <= 1, "quantile() q must be in the range [0, 1] but got ", q);
  return quantile(x, raw::scalar_tensor(q, x.is_floating_point() ? x.scalar_type() : kFloat64), dim,
                  keepdim, interpolation);
}

std::tuple<Tensor, Tensor> Tensor::sort(int64_t dim, bool descending) const {
  return taper::sort(*this, dim, descending);
}
std::tuple<Tensor, Tensor> Tensor::sort(std::optional<bool> stable, int64_t dim,
                                        bool descending) const {
  return taper::sort(*this, stable, dim, descending);
}
Tensor Tensor::argsort(int64_t dim, bool descending) const {
  return taper::argsort(*this, dim, descending);
}
Tensor Tensor::msort() const { return taper::msort(*this); }
std::tuple<Tensor, Tensor> Tensor::topk(int64_t k, int64_t dim, bool largest, bool sorted) const {
  return taper::topk(*this, k, dim, largest, sorted);
}
std::tuple<Tensor, Tensor> Tensor::kthvalue(int64_t k, int64_t dim, bool keepdim) const {
  return taper::kthvalue(*this, k, dim, keepdim);
}
Tensor Tensor::median() const { return taper::median(*this); }
std::tuple<Tensor, Tensor> Tensor::median(int64_t dim, bool keepdim) const {
  return taper::median(*this, dim, keepdim);
}
Tensor Tensor::nanmedian() const { return taper::nanmedian(*this); }
std::tuple<Tensor, Tensor> Tensor::nanmedian(int64_t dim, bool keepdim) const {
  return taper::nanmedian(*this, dim, keepdim);
}
std::tuple<Tensor, Tensor> Tensor::mode(int64_t dim, bool keepdim) const {
  return taper::mode(*this, dim, keepdim);
}
Tensor Tensor::quantile(double q, std::optional<int64_t> dim, bool keepdim,
                        std::string_view interpolation) const {
  return taper::quantile(*this, q, dim, keepdim, interpolation);
}
Tensor Tensor::quantile(const Tensor& q, std::optional<int64_t> dim, bool keepdim,
                        std::string_view interpolation) const {
  return taper::quantile(*this, q, dim, keepdim, interpolation);
}

}  // namespace taper
