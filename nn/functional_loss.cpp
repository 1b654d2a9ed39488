#include <cmath>
#include <cstdio>

#include "taper/autograd/grad_mode.h"
#include "taper/autograd/ops.h"
#include "taper/nn/functional.h"
#include "taper/tensor/factories.h"

namespace taper::nn::functional {

namespace {

bool is_mean(const Reduction& reduction) {
  return std::holds_alternative<enumtype::kMean>(reduction);
}
bool is_none(const Reduction& reduction) {
  return std::holds_alternative<enumtype::kNone>(reduction);
}

Tensor reduce(const Tensor& losses, const Reduction& reduction) {
  if (is_none(reduction)) return losses;
  return is_mean(reduction) ? losses.mean() : losses.sum();
}

void check_floating(const char* op, const Tensor& x) {
  TAPER_CHECK(x.is_floating_point(), op, ": expected a floating point input, got ",
              x.scalar_type());
}

}  // namespace

Tensor l1_loss(const Tensor& x, const Tensor& target, const L1LossFuncOptions& options) {
  const Tensor difference = x - target;
  check_floating("l1_loss", difference);
  return reduce(difference.abs(), options.reduction());
}

Tensor mse_loss(const Tensor& x, const Tensor& target, const MSELossFuncOptions& options) {
  const Tensor difference = x - target;
  check_floating("mse_loss", difference);
  if (x.sizes() != target.sizes()) {
    taper::detail::MessageBuilder text;
    text.add("Warning: Using a target size (");
    text.add(target.sizes());
    text.add(") that is different to the input size (");
    text.add(x.sizes());
    text.add(
        "). This will likely lead to incorrect results due to broadcasting. Please ensure they "
        "have the same size.\n");
    std::fputs(text.take().c_str(), stderr);
  }
  return reduce(difference.square(), options.reduction());
}

Tensor binary_cross_entropy(const Tensor& x, const Tensor& target,
                            const BinaryCrossEntropyFuncOptions& options) {
  TAPER_CHECK(x.sizes() == target.sizes(), "Using a target size (", target.sizes(),
              ") that is different to the input size (", x.sizes(),
              ") is deprecated. Please ensure they have the same size.");
  check_floating("binary_cross_entropy", x);
  {
    NoGradGuard no_grad;
    TAPER_CHECK(x.numel() == 0 || ((x >= 0) & (x <= 1)).all().item<bool>(),
                "all elements of input should be between 0 and 1");
  }
  // The logarithm of 1 in the place of that of 0, where -100 is chosen: its derivative is finite,
  // so that the branch not taken gives no 0 * inf.
  const auto bounded_log = [](const Tensor& p) {
    const Tensor zero = p == 0;
    return p.masked_fill(zero, 1).log().clamp_min(-100).masked_fill(zero, -100);
  };
  Tensor loss = (target - 1) * bounded_log(1 - x) - target * bounded_log(x);
  if (options.weight().defined()) loss = loss * options.weight();
  return reduce(loss, options.reduction());
}

Tensor binary_cross_entropy_with_logits(const Tensor& x, const Tensor& target,
                                        const BinaryCrossEntropyWithLogitsFuncOptions& options) {
  TAPER_CHECK(x.sizes() == target.sizes(), "Target size (", target.sizes(),
              ") must be the same as input size (", x.sizes(), ")");
  check_floating("binary_cross_entropy_with_logits", x);
  // log(1 + exp(-x)) = m + log(exp(-m) + exp(-x - m)) for any m. Its value does not depend on m, so
  // m = max(-x, 0), which keeps the exponents from overflowing, is a constant to the derivatives.
  const Tensor m = x.detach().neg().clamp_min(0);
  Tensor softplus = m + ((-m).exp() + (-x - m).exp()).log();
  if (options.pos_weight().defined())
    softplus = ((options.pos_weight() - 1) * target + 1) * softplus;
  Tensor loss = (1 - target) * x + softplus;
  if (options.weight().defined()) loss = loss * options.weight();
  return reduce(loss, options.reduction());
}

namespace {

// Shapes and dtypes of a loss over classes, in the words of the PyTorch kernel for the number of
// dimensions.
void check_classes(const char* op, const Tensor& x, const Tensor& target, const Tensor& weight) {
  const int64_t rank = x.dim();
  TAPER_CHECK(rank >= 1, op, ": Expected 1 or more dimensions (got ", rank, ")");
  check_floating(op, x);
  if (rank == 1) {
    TAPER_CHECK(target.dim() == 0, op, ": size mismatch (got input: ", x.sizes(),
                ", target: ", target.sizes(), ")");
  } else {
    TAPER_CHECK(target.dim() >= 1 && x.size(0) == target.size(0), "Expected input batch_size (",
                x.size(0), ") to match target batch_size (", target.dim() == 0 ? 0 : target.size(0),
                ").");
    TAPER_CHECK(rank != 2 || target.dim() == 1,
                "0D or 1D target tensor expected, multi-target not supported");
    TAPER_CHECK(
        rank != 4 || target.dim() == 3,
        "only batches of spatial targets supported (3D tensors) but got targets of dimension: ",
        target.dim());
    std::vector<int64_t> expected = x.sizes().vec();
    expected.erase(expected.begin() + 1);
    TAPER_CHECK(target.sizes() == IntArrayRef(expected), op, ": Expected target size ",
                IntArrayRef(expected), ", got ", target.sizes());
  }
  TAPER_CHECK(target.scalar_type() == kInt64, "expected scalar type Long but found ",
              target.scalar_type());
  if (weight.defined()) {
    const int64_t classes = x.size(rank == 1 ? 0 : 1);
    TAPER_CHECK(weight.dim() == 1 && weight.size(0) == classes,
                "weight tensor should be defined either for all ", classes,
                " classes or no classes but got weight tensor of shape: ", weight.sizes());
    TAPER_CHECK(weight.scalar_type() == x.scalar_type(), "expected scalar type ", x.scalar_type(),
                " but found ", weight.scalar_type());
  }
}

// How many targets are not ignored; throws for one that is no class.
int64_t count_targets(const Tensor& target, int64_t classes, int64_t ignore_index) {
  const Tensor flat = target.contiguous();
  const int64_t* data = flat.data_ptr<int64_t>();
  int64_t count = 0;
  for (int64_t i = 0; i < flat.numel(); ++i) {
    if (data[i] == ignore_index) continue;
    TAPER_CHECK_INDEX(data[i] >= 0 && data[i] < classes, "Target ", data[i], " is out of bounds.");
    ++count;
  }
  return count;
}

// The losses of `picked` [...] (each -w log p) and their mean, which is weighted by w.
struct ClassLoss {
  Tensor ignored;  // bool [...], undefined if none is
  Tensor weights;  // w [...], undefined if all are 1
  int64_t count;   // targets that are not ignored

  Tensor reduce(Tensor losses, const Reduction& reduction) const {
    if (ignored.defined()) losses = losses.masked_fill(ignored, 0);
    if (is_none(reduction)) return losses;
    const Tensor sum = losses.sum();
    if (!is_mean(reduction)) return sum;
    return weights.defined() ? sum / weights.sum() : sum / static_cast<double>(count);
  }
};

// label_smoothing e adds to each loss: (1 - e) nll + e / C * sum_c -w_c log p_c.
Tensor class_loss(const Tensor& log_p, const Tensor& target, const Tensor& weight,
                  int64_t ignore_index, const Reduction& reduction, double label_smoothing) {
  const int64_t class_dim = log_p.dim() == 1 ? 0 : 1;
  const int64_t classes = log_p.size(class_dim);
  ClassLoss loss;
  loss.count = count_targets(target, classes, ignore_index);
  Tensor index = target;  // a class even where the target is ignored, to be read and thrown away
  if (loss.count != target.numel()) {
    loss.ignored = target == ignore_index;
    index = target.masked_fill(loss.ignored, 0);
  }
  Tensor picked = -log_p.gather(class_dim, index.unsqueeze(class_dim)).squeeze(class_dim);
  if (weight.defined()) {
    Tensor weights = weight.index_select(0, index.reshape({-1})).reshape(index.sizes());
    picked = picked * weights;
    if (loss.ignored.defined()) weights = weights.masked_fill(loss.ignored, 0);
    loss.weights = weights;
  }
  const Tensor nll = loss.reduce(picked, reduction);
  if (label_smoothing == 0) return nll;

  Tensor all = -log_p;
  if (weight.defined()) {
    std::vector<int64_t> shape(static_cast<size_t>(log_p.dim()), 1);
    shape[static_cast<size_t>(class_dim)] = classes;
    all = all * weight.view(shape);
  }
  const Tensor smooth = loss.reduce(all.sum(class_dim), reduction);
  return nll * (1 - label_smoothing) + smooth * (label_smoothing / static_cast<double>(classes));
}

Tensor probability_loss(const Tensor& x, Tensor target, const CrossEntropyFuncOptions& options) {
  check_floating("cross_entropy", x);
  TAPER_CHECK(target.is_floating_point(),
              "Expected floating point type for target with class probabilities, got ",
              target.scalar_type());
  TAPER_CHECK(options.ignore_index() < 0,
              "ignore_index is not supported for floating point target");
  const int64_t class_dim = x.dim() == 1 ? 0 : 1;
  const int64_t classes = x.size(class_dim);
  const double e = options.label_smoothing();
  if (e > 0) target = target * (1 - e) + e / static_cast<double>(classes);
  Tensor products = -taper::log_softmax(x, class_dim) * target;
  if (const Tensor& weight = options.weight(); weight.defined()) {
    TAPER_CHECK(weight.dim() == 1 && weight.size(0) == classes,
                "cross_entropy: weight tensor should be defined either for all ", classes,
                " classes or no classes but got weight tensor of shape: ", weight.sizes());
    std::vector<int64_t> shape(static_cast<size_t>(x.dim()), 1);
    shape[static_cast<size_t>(class_dim)] = classes;
    products = products * weight.view(shape);
  }
  const Tensor losses = products.sum(class_dim);
  return reduce(losses, options.reduction());
}

}  // namespace

Tensor nll_loss(const Tensor& x, const Tensor& target, const NLLLossFuncOptions& options) {
  check_classes("nll_loss", x, target, options.weight());
  return class_loss(x, target, options.weight(), options.ignore_index(), options.reduction(), 0);
}

Tensor cross_entropy(const Tensor& x, const Tensor& target,
                     const CrossEntropyFuncOptions& options) {
  const double e = options.label_smoothing();
  TAPER_CHECK(e >= 0 && e <= 1, "label_smoothing must be between 0.0 and 1.0. Got: ", e);
  if (x.dim() > 0 && x.sizes() == target.sizes()) return probability_loss(x, target, options);
  check_classes("cross_entropy", x, target, options.weight());
  return class_loss(taper::log_softmax(x, x.dim() == 1 ? 0 : 1), target, options.weight(),
                    options.ignore_index(), options.reduction(), e);
}

}  // namespace taper::nn::functional
