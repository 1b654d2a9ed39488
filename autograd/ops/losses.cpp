// Losses of single elements and of pairs of vectors. Those that libtorch has as one operation are
// one node here; the others are made of operations, as there.

#include "taper/autograd/ops/losses.h"

#include <numbers>

#include "taper/autograd/elementwise.h"
#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/promotion.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/elementwise.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::check_constant;
using autograd::given;
using autograd::record;
using autograd::reduced;
using autograd::Save;
using autograd::SavedTensor;

namespace {

// The gradient of each loss from that of what became of them. libtorch divides that of a mean by
// the number of elements of the operand that it is for, which is another number where operands were
// broadcast; nn::functional broadcasts them before.
Tensor spread_gradient(const Tensor& g, int64_t reduction, IntArrayRef sizes, const Tensor& operand,
                       const SavedTensor& weight) {
  Tensor each = g;
  if (reduction == Reduction::Sum) each = g.expand(sizes);
  if (reduction == Reduction::Mean) {
    each = (g / static_cast<double>(operand.numel())).expand(sizes);
  }
  return weight.saved() ? each * weight() : each;
}

// A formula of two operands as a loss, each element times a constant weight, if there is one.
template <class F>
Tensor formula_loss(const char* name, const F& formula, const Tensor& x, const Tensor& target,
                    int64_t reduction, ScalarType dtype, const Tensor& weight = {}) {
  Tensor losses;
  Tensor y;
  {
    NoGradGuard no_grad;
    losses = raw::to(raw::binary(formulas::kFormulaOf<F>, kernels::make_params(formula),
                                 kernels::Domain::kFloats, x, target),
                     dtype);
    if (weight.defined()) losses = losses * weight;
    y = reduced(losses, reduction);
  }
  return record(name, y, {x, target}, [&](Save& s) {
    return [formula, reduction, sizes = DimVector(losses.sizes()), x = s.input(x),
            target = s.input(target), weight = s.input(weight)](Backward& ctx) {
      const Tensor a = x();
      const Tensor b = target();
      const auto gradient_for = [&](const Tensor& operand) {
        return spread_gradient(ctx.out_grad(), reduction, sizes, operand, weight);
      };
      if (ctx.needs(0)) {
        ctx.grad(0, autograd::binary_gradient<0>(formula, gradient_for(a), a, b));
      }
      if (ctx.needs(1)) {
        ctx.grad(1, autograd::binary_gradient<1>(formula, gradient_for(b), a, b));
      }
    };
  });
}

// The dtype in which both meet, which must be a floating one.
ScalarType floating_type(const char* kernel, const Tensor& x, const Tensor& target) {
  broadcast_shapes(x.sizes(), target.sizes());  // a mismatch of these is reported first
  const ScalarType dtype = result_type(x, target);
  TAPER_CHECK(is_floating_point(dtype), "\"", kernel, "\" not implemented for '", dtype, "'");
  return dtype;
}

// x's own dtype, for losses that libtorch computes in place of x.
ScalarType own_type(const Tensor& x, const Tensor& target) {
  broadcast_shapes(x.sizes(), target.sizes());
  const ScalarType met = result_type(x, target);
  const ScalarType dtype = is_floating_point(met) ? met : get_default_dtype_as_scalartype();
  TAPER_CHECK(x.is_floating_point(), "result type ", dtype,
              " can't be cast to the desired output type ", x.scalar_type());
  return x.scalar_type();
}

}  // namespace

// --- One element against its target ---

Tensor mse_loss(const Tensor& x, const Tensor& target, int64_t reduction) {
  const ScalarType dtype = floating_type("mse_cpu", x, target);
  return formula_loss("MseLossBackward0", formulas::MseLoss{}, x, target, reduction, dtype);
}

Tensor l1_loss(const Tensor& x, const Tensor& target, int64_t reduction) {
  return reduced(abs(x - target), reduction);
}

Tensor smooth_l1_loss(const Tensor& x, const Tensor& target, int64_t reduction, double beta) {
  TAPER_CHECK(beta >= 0, "smooth_l1_loss does not support negative values for beta.");
  const ScalarType dtype = floating_type("smooth_l1_cpu", x, target);
  return formula_loss("SmoothL1LossBackward0", formulas::SmoothL1Loss{beta}, x, target, reduction,
                      dtype);
}

Tensor huber_loss(const Tensor& x, const Tensor& target, int64_t reduction, double delta) {
  TAPER_CHECK(delta > 0, "huber_loss does not support non-positive values for delta.");
  floating_type("huber_cpu", x, target);
  return formula_loss("HuberLossBackward0", formulas::HuberLoss{delta}, x, target, reduction,
                      own_type(x, target));
}

Tensor soft_margin_loss(const Tensor& x, const Tensor& target, int64_t reduction) {
  check_constant(target, "soft_margin_loss", "target");
  return formula_loss("SoftMarginLossBackward0", formulas::SoftMarginLoss{}, x, target, reduction,
                      own_type(x, target));
}

Tensor kl_div(const Tensor& x, const Tensor& target, int64_t reduction, bool log_target) {
  TAPER_CHECK(x.is_floating_point() && target.is_floating_point(),
              "kl_div: Integral inputs not supported.");
  if (log_target) return reduced(exp(target) * (target - x), reduction);
  // The target's gradient at 0 is NaN, as in libtorch.
  const Tensor entropy = where(target == 0, 0, target * log(target));
  return reduced(entropy - target * x, reduction);
}

Tensor poisson_nll_loss(const Tensor& x, const Tensor& target, bool log_input, bool full,
                        double eps, int64_t reduction) {
  Tensor losses = log_input ? exp(x) - target * x : x - target * log(x + eps);
  if (full) {
    const Tensor stirling =
        target * log(target) - target + log(target * (2 * std::numbers::pi)) * 0.5;
    losses = losses + masked_fill(stirling, target <= 1, 0);
  }
  return reduced(losses, reduction);
}

Tensor binary_cross_entropy(const Tensor& x, const Tensor& target,
                            const std::optional<Tensor>& weight, int64_t reduction) {
  const Tensor w = given(weight);
  check_constant(w, "binary_cross_entropy", "weight");
  TAPER_CHECK(target.scalar_type() == x.scalar_type(), "Found dtype ", target.scalar_type(),
              " but expected ", x.scalar_type());
  TAPER_CHECK(x.is_floating_point(), "\"binary_cross_entropy\" not implemented for '",
              x.scalar_type(), "'");
  {
    NoGradGuard no_grad;
    TAPER_CHECK(raw::item(all(logical_and(x >= 0, x <= 1))).toBool(),
                "all elements of input should be between 0 and 1");
  }
  return formula_loss("BinaryCrossEntropyBackward0", formulas::BinaryCrossEntropy{}, x, target,
                      reduction, x.scalar_type(), w);
}

namespace {

// pos_weight p raises the loss of the positive targets: (1 - t) x + (1 + (p - 1) t) log(1 + e^-x).
Tensor logits_loss_of_positives(const Tensor& x, const Tensor& target, const Tensor& weight,
                                const Tensor& pos_weight, int64_t reduction) {
  Tensor losses;
  Tensor y;
  {
    NoGradGuard no_grad;
    const Tensor m = clamp_min(-x, 0);
    const Tensor softplus = log(exp(-m) + exp(-x - m)) + m;
    losses = (1 - target) * x + ((pos_weight - 1) * target + 1) * softplus;
    if (weight.defined()) losses = losses * weight;
    y = reduced(losses, reduction);
  }
  return record("BinaryCrossEntropyWithLogitsBackward0", y, {x, target}, [&](Save& s) {
    return [reduction, sizes = DimVector(losses.sizes()), x = s.input(x), target = s.input(target),
            p = s.input(pos_weight), weight = s.input(weight)](Backward& ctx) {
      const auto gradient_for = [&](const Tensor& operand) {
        return spread_gradient(ctx.out_grad(), reduction, sizes, operand, weight);
      };
      const Tensor chance = sigmoid(x());
      if (ctx.needs(0)) {
        const Tensor positives = p() * target();
        ctx.grad(0, ((positives + 1 - target()) * chance - positives) * gradient_for(x()));
      }
      if (ctx.needs(1)) {
        ctx.grad(1, (log(1 - chance) - p() * log(chance)) * gradient_for(target()));
      }
    };
  });
}

}  // namespace

Tensor binary_cross_entropy_with_logits(const Tensor& x, const Tensor& target,
                                        const std::optional<Tensor>& weight,
                                        const std::optional<Tensor>& pos_weight,
                                        int64_t reduction) {
  constexpr const char* kName = "binary_cross_entropy_with_logits";
  const Tensor w = given(weight);
  const Tensor p = given(pos_weight);
  check_constant(w, kName, "weight");
  check_constant(p, kName, "pos_weight");
  // libtorch computes in place of the target.
  const DimVector sizes = broadcast_shapes(target.sizes(), x.sizes());
  TAPER_CHECK(target.sizes() == IntArrayRef(sizes), "output with shape ", target.sizes(),
              " doesn't match the broadcast shape ", sizes);
  const ScalarType met = result_type(x, target);
  const ScalarType wrong = target.is_floating_point() ? x.scalar_type() : target.scalar_type();
  TAPER_CHECK(is_floating_point(wrong), "result type ",
              is_floating_point(met) ? met : get_default_dtype_as_scalartype(),
              " can't be cast to the desired output type ", wrong);
  if (p.defined()) return logits_loss_of_positives(x, target, w, p, reduction);
  return formula_loss("BinaryCrossEntropyWithLogitsBackward0",
                      formulas::BinaryCrossEntropyWithLogits{}, x, target, reduction,
                      target.scalar_type(), w);
}

// --- Pairs and triplets of vectors ---

Tensor cosine_embedding_loss(const Tensor& a, const Tensor& b, const Tensor& target, double margin,
                             int64_t reduction) {
  constexpr double kEps = 1e-12;
  const int64_t dim = target.dim();
  TAPER_CHECK(dim <= 1, "0D or 1D target tensor expected, multi-target not supported");
  TAPER_CHECK(dim == 0 || a.dim() == 2,
              "1D target tensor expects 2D input tensors, but found inputs with sizes ", a.sizes(),
              " and ", b.sizes(), ".");
  TAPER_CHECK(dim == 1 || a.dim() == 1,
              "0D target tensor expects 1D input tensors, but found inputs with sizes ", a.sizes(),
              " and ", b.sizes(), ".");
  const Tensor squares_a = sum(a * a, dim) + kEps;
  const Tensor squares_b = sum(b * b, dim) + kEps;
  const Tensor cosine = sum(a * b, dim) / sqrt(squares_a * squares_b);
  const Tensor zeros = zeros_like(cosine.detach());
  return reduced(where(target == 1, 1 - cosine, zeros) +
                     where(target == -1, clamp_min(cosine - margin, 0), zeros),
                 reduction);
}

Tensor hinge_embedding_loss(const Tensor& x, const Tensor& target, double margin,
                            int64_t reduction) {
  const Tensor zeros = zeros_like(x.detach());
  return reduced(
      where(target != 1, clamp_min(margin - x, 0), zeros) + where(target != -1, x, zeros),
      reduction);
}

Tensor margin_ranking_loss(const Tensor& a, const Tensor& b, const Tensor& target, double margin,
                           int64_t reduction) {
  return reduced(clamp_min(-target * (a - b) + margin, 0), reduction);
}

Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           double margin, double p, double eps, bool swap, int64_t reduction) {
  TAPER_CHECK(anchor.dim() == positive.dim() && positive.dim() == negative.dim(),
              "All inputs should have same dimension but got ", anchor.dim(), "D, ", positive.dim(),
              "D and ", negative.dim(), "D inputs.");
  const Tensor near = pairwise_distance(anchor, positive, p, eps);
  Tensor far = pairwise_distance(anchor, negative, p, eps);
  if (swap) far = minimum(far, pairwise_distance(positive, negative, p, eps));
  return reduced(clamp_min(margin + near - far, 0), reduction);
}

}  // namespace taper
