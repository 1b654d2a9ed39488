#include "taper/tensor/raw/nll.h"

#include "taper/tensor/kernels/nll.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper::raw {
namespace {

kernels::NllShape shape_of(const Tensor& target, const NllTerms& terms) {
  const int64_t n = terms.sizes.size() == 1 ? 1 : terms.sizes[0];
  return {n, terms.classes(), n == 0 ? 0 : target.numel() / n, terms.ignored};
}

const int64_t* targets(const Tensor& target) {
  return static_cast<const int64_t*>(target.data_ptr());
}

const void* weights(const Tensor& weight) { return weight.defined() ? weight.data_ptr() : nullptr; }

}  // namespace

void check_targets(const Tensor& target, const NllTerms& terms) {
  const int64_t classes = terms.classes();
  const int64_t* data = targets(target);
  for (int64_t i = 0; i < target.numel(); ++i) {
    const bool fits = data[i] == terms.ignored || (data[i] >= 0 && data[i] < classes);
    TAPER_CHECK_INDEX(fits, "Target ", data[i], " is out of bounds.");
  }
}

Tensor nll(const Tensor& x, const Tensor& target, const Tensor& weight, const NllTerms& terms) {
  const kernels::NllShape shape = shape_of(target, terms);
  const Tensor in = contiguous(x);
  if (terms.gather == Gather::kEach) {
    Tensor losses = empty(target.sizes(), x.scalar_type());
    kernels::nll(x.scalar_type(), shape, in.data_ptr(), targets(target), weights(weight),
                 losses.data_ptr());
    return losses;
  }
  const kernels::NllSums sums =
      kernels::nll_sums(x.scalar_type(), shape, in.data_ptr(), targets(target), weights(weight));
  const double loss = terms.gather == Gather::kSum ? sums.losses : sums.losses / sums.weights;
  return to(scalar_tensor(loss, kFloat64), x.scalar_type());  // what is too large is infinite
}

Tensor nll_backward(const Tensor& g, const Tensor& target, const Tensor& weight,
                    const NllTerms& terms) {
  const kernels::NllShape shape = shape_of(target, terms);
  const Tensor dense = contiguous(g);
  double factor = 1;
  if (terms.gather == Gather::kMean) {
    const kernels::NllSums sums =
        kernels::nll_sums(g.scalar_type(), shape, nullptr, targets(target), weights(weight));
    factor = 1 / sums.weights;
  }
  Tensor dx = zeros(terms.sizes, g.scalar_type());
  kernels::nll_backward(g.scalar_type(), shape, dense.data_ptr(), terms.gather != Gather::kEach,
                        factor, targets(target), weights(weight), dx.data_ptr());
  return dx;
}

}  // namespace taper::raw
