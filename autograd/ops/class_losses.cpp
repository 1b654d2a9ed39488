// Losses over classes.

#include <optional>
#include <utility>

#include "taper/autograd/ops.h"
#include "taper/autograd/ops/losses.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/nll.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::check_constant;
using autograd::given;
using autograd::record;
using autograd::Save;

namespace {

Tensor picked(const char* name, const Tensor& x, const Tensor& target, const Tensor& weight,
              const raw::NllTerms& terms);

// The losses are linear in x, so this is linear in g, and picking is its derivative in turn.
Tensor picked_gradient(const Tensor& g, const Tensor& target, const Tensor& weight,
                       const raw::NllTerms& terms) {
  return record(
      "NllLossBackwardBackward0", raw::nll_backward(g, target, weight, terms), {g}, [&](Save& s) {
        return [target = s.input(target), weight = s.input(weight), terms](Backward& ctx) {
          ctx.grad(0, picked("NllLossBackward0", ctx.out_grad(), target(), weight(), terms));
        };
      });
}

Tensor picked(const char* name, const Tensor& x, const Tensor& target, const Tensor& weight,
              const raw::NllTerms& terms) {
  return record(name, raw::nll(x, target, weight, terms), {x}, [&](Save& s) {
    return [target = s.input(target), weight = s.input(weight), terms](Backward& ctx) {
      ctx.grad(0, picked_gradient(ctx.out_grad(), target(), weight(), terms));
    };
  });
}

raw::Gather gather_of(int64_t reduction) {
  return reduction == Reduction::Mean  ? raw::Gather::kMean
         : reduction == Reduction::Sum ? raw::Gather::kSum
                                       : raw::Gather::kEach;
}

// What is left to check, and to do, once the shapes are known to fit.
Tensor nll_of(const char* node, const char* function, const char* kernel, const Tensor& x,
              const Tensor& target, const Tensor& weight, int64_t reduction, int64_t ignore_index) {
  check_constant(weight, function, "weight");
  TAPER_CHECK(x.is_floating_point(), "\"", kernel, "\" not implemented for '", x.scalar_type(),
              "'");
  TAPER_CHECK(target.scalar_type() == kInt64 || target.scalar_type() == kUInt8,
              "expected scalar type Long but found ", target.scalar_type());
  TAPER_CHECK(!weight.defined() || weight.scalar_type() == x.scalar_type(), "expected scalar type ",
              x.scalar_type(), " but found ", weight.scalar_type());
  const raw::NllTerms terms{x.sizes(), ignore_index, gather_of(reduction)};
  const Tensor classes = raw::contiguous(raw::to(target, kInt64));
  raw::check_targets(classes, terms);
  return picked(node, x, classes, weight.defined() ? raw::contiguous(weight) : weight, terms);
}

}  // namespace

Tensor nll_loss(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight,
                int64_t reduction, int64_t ignore_index) {
  const Tensor w = given(weight);
  TAPER_CHECK(x.dim() == 1 || x.dim() == 2, "input tensor should be 1D or 2D");
  TAPER_CHECK(target.dim() <= 1, "0D or 1D target tensor expected, multi-target not supported");
  const bool one = x.dim() == 1 && target.dim() == 0;
  TAPER_CHECK(one || (x.dim() == 2 && target.dim() == 1 && x.size(0) == target.size(0)),
              "size mismatch (got input: ", x.sizes(), ", target: ", target.sizes(), ")");
  const int64_t classes = x.size(-1);
  TAPER_CHECK(!w.defined() || (w.dim() == 1 && w.numel() == classes),
              "weight tensor should be defined either for all ", classes,
              " classes or no classes but got weight tensor of shape: ", w.sizes());
  return nll_of("NllLossBackward0", "nll_loss_forward", "nll_loss_out_frame", x, target, w,
                reduction, ignore_index);
}

Tensor nll_loss2d(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight,
                  int64_t reduction, int64_t ignore_index) {
  const Tensor w = given(weight);
  TAPER_CHECK(
      target.dim() == 3,
      "only batches of spatial targets supported (3D tensors) but got targets of dimension: ",
      target.dim());
  TAPER_CHECK(x.dim() == 4,
              "only batches of spatial inputs supported (4D tensors), but got input of dimension: ",
              x.dim());
  TAPER_CHECK(!w.defined() || w.numel() == x.size(1),
              "weight tensor should be defined either for all or no classes");
  TAPER_CHECK(
      x.size(0) == target.size(0) && x.size(2) == target.size(1) && x.size(3) == target.size(2),
      "size mismatch (got input: ", x.sizes(), " , target: ", target.sizes());
  return nll_of("NllLoss2DBackward0", "nll_loss2d_forward", "nll_loss2d_forward_out_frame", x,
                target, w, reduction, ignore_index);
}

Tensor nll_loss_nd(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight,
                   int64_t reduction, int64_t ignore_index) {
  const auto check_value = [](bool holds, const auto&... text) {
    if (!holds) detail::throw_error<ValueError>(text...);
  };
  check_value(x.dim() >= 1, "Expected 1 or more dimensions (got ", x.dim(), ")");
  check_value(x.dim() == 1 || x.size(0) == target.size(0), "Expected input batch_size (", x.size(0),
              ") to match target batch_size (", x.dim() == 1 ? 0 : target.size(0), ").");
  if (x.dim() <= 2) return nll_loss(x, target, weight, reduction, ignore_index);
  if (x.dim() == 4) return nll_loss2d(x, target, weight, reduction, ignore_index);
  // All that follows the classes as one row of pixels.
  DimVector sizes(x.sizes());
  sizes.erase(1);
  TAPER_CHECK(target.sizes() == IntArrayRef(sizes), "Expected target size ", sizes, ", got ",
              target.sizes());
  const int64_t pixels = x.numel() == 0 ? 0 : target.numel() / target.size(0);
  const Tensor losses =
      nll_loss2d(reshape(x, {x.size(0), x.size(1), x.numel() == 0 ? 0 : 1, pixels}),
                 raw::reshape(target, {x.size(0), x.numel() == 0 ? 0 : 1, pixels}), weight,
                 reduction, ignore_index);
  return losses.dim() == 0 ? losses : losses.view(sizes);
}

namespace {

// The weight [C] in a shape that broadcasts over x [C] or [N, C, ...].
Tensor over_classes(const Tensor& weight, const Tensor& x, int64_t class_dim) {
  DimVector sizes(static_cast<size_t>(x.dim()), 1);
  sizes[static_cast<size_t>(class_dim)] = weight.size(0);
  return reshape(weight, sizes);
}

void check_smoothing(double label_smoothing) {
  TAPER_CHECK(label_smoothing <= 1,
              "label_smoothing must be between 0.0 and 1.0. Got: ", label_smoothing);
}

Tensor probability_loss(const Tensor& x, Tensor target, const Tensor& weight, int64_t reduction,
                        double label_smoothing) {
  const int64_t class_dim = x.dim() == 1 ? 0 : 1;
  const int64_t classes = x.size(class_dim);
  TAPER_CHECK(!weight.defined() || (weight.dim() == 1 && weight.numel() == classes),
              "cross_entropy: weight tensor should be defined either for all ", classes,
              " classes or no classes but got weight tensor of shape: ", weight.sizes());
  if (label_smoothing > 0) {
    check_smoothing(label_smoothing);
    target = target * (1 - label_smoothing) + label_smoothing / static_cast<double>(classes);
  }
  Tensor products = log_softmax(x, class_dim) * target;
  if (weight.defined()) products = products * over_classes(weight, x, class_dim);
  switch (reduction) {
    case Reduction::None:
      return -sum(products, class_dim);
    case Reduction::Sum:
      return -sum(products);
    case Reduction::Mean:
      return -sum(products) / (static_cast<double>(x.numel()) / static_cast<double>(classes));
    default:
      detail::throw_error<Error>("Invalid reduction type encountered in cross_entropy: ",
                                 reduction);
  }
}

// (1 - e) of the loss, and e / C of the losses of all classes.
Tensor smoothed_loss(const Tensor& x, const Tensor& target, const Tensor& weight, int64_t reduction,
                     int64_t ignore_index, double label_smoothing) {
  const int64_t class_dim = x.dim() == 1 ? 0 : 1;
  const Tensor log_p = log_softmax(x, class_dim);
  const Tensor loss = nll_loss_nd(log_p, target, weight, reduction, ignore_index);
  const Tensor weighted = weight.defined() ? log_p * over_classes(weight, x, class_dim) : log_p;
  const Tensor ignored = target == ignore_index;
  Tensor all = masked_fill(-sum(weighted, class_dim), ignored, 0);
  if (reduction == Reduction::Sum) all = sum(all);
  if (reduction == Reduction::Mean) {
    const Tensor counted = logical_not(ignored);
    const Tensor total =
        weight.defined() ? sum(gather(weight, 0, masked_select(target, counted))) : sum(counted);
    all = sum(all) / total;
  }
  const double share = label_smoothing / static_cast<double>(x.size(class_dim));
  return loss * (1 - label_smoothing) + all * share;
}

}  // namespace

Tensor cross_entropy_loss(const Tensor& x, const Tensor& target,
                          const std::optional<Tensor>& weight, int64_t reduction,
                          int64_t ignore_index, double label_smoothing) {
  if (x.sizes() == target.sizes()) {
    TAPER_CHECK(target.is_floating_point(),
                "Expected floating point type for target with class probabilities, got ",
                target.scalar_type());
    TAPER_CHECK(ignore_index < 0, "ignore_index is not supported for floating point target");
    return probability_loss(x, target, given(weight), reduction, label_smoothing);
  }
  if (label_smoothing > 0) {
    check_smoothing(label_smoothing);
    return smoothed_loss(x, target, given(weight), reduction, ignore_index, label_smoothing);
  }
  return nll_loss_nd(log_softmax(x, x.dim() == 1 ? 0 : 1), target, weight, reduction, ignore_index);
}

}  // namespace taper
