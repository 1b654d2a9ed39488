#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "taper/nn/arg.h"
#include "taper/nn/enum.h"
#include "taper/tensor/tensor.h"

// Layers as functions of their inputs and weights (torch::nn::functional). Options that a layer
// shares are the layer's own: CrossEntropyLossOptions is CrossEntropyFuncOptions.
namespace taper::nn::functional {

// x [..., in], weight [out, in], bias [out] or undefined -> x weight^T + bias [..., out].
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias = {});

struct ReLUFuncOptions {
  ReLUFuncOptions(bool inplace = false) : inplace_(inplace) {}
  TAPER_ARG(bool, inplace);
};
struct LeakyReLUFuncOptions {
  TAPER_ARG(double, negative_slope) = 1e-2;
  TAPER_ARG(bool, inplace) = false;
};

Tensor relu(Tensor x, const ReLUFuncOptions& options = {});
Tensor leaky_relu(Tensor x, const LeakyReLUFuncOptions& options = {});
Tensor sigmoid(const Tensor& x);
Tensor tanh(const Tensor& x);

struct SoftmaxFuncOptions {
  SoftmaxFuncOptions(int64_t dim) : dim_(dim) {}
  TAPER_ARG(int64_t, dim);
  TAPER_ARG(std::optional<ScalarType>, dtype) = std::nullopt;
};
using LogSoftmaxFuncOptions = SoftmaxFuncOptions;

// exp(x) / sum(exp(x)) along dim, and its logarithm.
Tensor softmax(const Tensor& x, const SoftmaxFuncOptions& options);
Tensor log_softmax(const Tensor& x, const LogSoftmaxFuncOptions& options);

struct DropoutFuncOptions {
  TAPER_ARG(double, p) = 0.5;
  TAPER_ARG(bool, training) = true;
  TAPER_ARG(bool, inplace) = false;
};

// In training each element is 0 with probability p, and else x / (1 - p).
Tensor dropout(Tensor x, const DropoutFuncOptions& options = {});

struct EmbeddingFuncOptions {
  TAPER_ARG(std::optional<int64_t>, padding_idx) = std::nullopt;  // negative: from the end
  TAPER_ARG(std::optional<double>, max_norm) = std::nullopt;
  TAPER_ARG(double, norm_type) = 2.;
  TAPER_ARG(bool, scale_grad_by_freq) = false;
  TAPER_ARG(bool, sparse) = false;
};

// indices [...] of int64 or int32, weight [V, D] -> weight[indices] [..., D]. The row padding_idx
// gets no gradient. With max_norm the rows in use are first scaled down, in place, to at most that
// norm. scale_grad_by_freq divides each row's gradient by how often it was chosen. Sparse gradients
// are not to be had: they throw taper::Error.
Tensor embedding(const Tensor& indices, const Tensor& weight,
                 const EmbeddingFuncOptions& options = {});
// int64 [...] -> int64 [..., num_classes], which is one more than the largest if not given.
Tensor one_hot(const Tensor& x, int64_t num_classes = -1);

struct LayerNormFuncOptions {
  LayerNormFuncOptions(std::vector<int64_t> normalized_shape)
      : normalized_shape_(std::move(normalized_shape)) {}
  TAPER_ARG(std::vector<int64_t>, normalized_shape);
  TAPER_ARG(Tensor, weight) = {};
  TAPER_ARG(Tensor, bias) = {};
  TAPER_ARG(double, eps) = 1e-5;
};

// (x - mean) / sqrt(var + eps) * weight + bias; mean and (biased) var over the last dimensions,
// whose sizes are normalized_shape, as are those of weight and bias. x [*, normalized_shape] -> the
// same.
Tensor layer_norm(const Tensor& x, const LayerNormFuncOptions& options);

// --- Losses. reduction kMean (default), kSum or kNone: the mean or sum of the losses, or each of
// them. ---
using Reduction = std::variant<enumtype::kNone, enumtype::kMean, enumtype::kSum>;

struct L1LossFuncOptions {
  using reduction_t = Reduction;
  TAPER_OPTIONS_FROM_REDUCTION(L1LossFuncOptions)
  TAPER_ARG(Reduction, reduction) = kMean;
};
struct MSELossFuncOptions {
  using reduction_t = Reduction;
  TAPER_OPTIONS_FROM_REDUCTION(MSELossFuncOptions)
  TAPER_ARG(Reduction, reduction) = kMean;
};

struct SmoothL1LossFuncOptions {
  using reduction_t = Reduction;
  TAPER_OPTIONS_FROM_REDUCTION(SmoothL1LossFuncOptions)
  TAPER_ARG(Reduction, reduction) = kMean;
  TAPER_ARG(double, beta) = 1.0;
};
struct HuberLossFuncOptions {
  using reduction_t = Reduction;
  TAPER_OPTIONS_FROM_REDUCTION(HuberLossFuncOptions)
  TAPER_ARG(Reduction, reduction) = kMean;
  TAPER_ARG(double, delta) = 1.0;
};
struct SoftMarginLossFuncOptions {
  using reduction_t = Reduction;
  TAPER_OPTIONS_FROM_REDUCTION(SoftMarginLossFuncOptions)
  TAPER_ARG(Reduction, reduction) = kMean;
};
struct KLDivFuncOptions {
  // kBatchMean: the sum over the number of rows of the batch.
  using reduction_t =
      std::variant<enumtype::kNone, enumtype::kBatchMean, enumtype::kSum, enumtype::kMean>;
  TAPER_OPTIONS_FROM_REDUCTION(KLDivFuncOptions)
  KLDivFuncOptions(enumtype::kBatchMean value) : reduction_(value) {}
  TAPER_ARG(reduction_t, reduction) = kMean;
  TAPER_ARG(bool, log_target) = false;
};
struct PoissonNLLLossFuncOptions {
  using reduction_t = Reduction;
  TAPER_ARG(bool, log_input) = true;
  TAPER_ARG(bool, full) = false;
  TAPER_ARG(double, eps) = 1e-8;
  TAPER_ARG(Reduction, reduction) = kMean;
};

// |x - target| and (x - target)^2. Shapes that differ broadcast, with a warning from mse_loss.
Tensor l1_loss(const Tensor& x, const Tensor& target, const L1LossFuncOptions& options = {});
Tensor mse_loss(const Tensor& x, const Tensor& target, const MSELossFuncOptions& options = {});

// The formulas of these and of the losses of pairs stand in taper/autograd/losses.h. beta is an
// argument of its own, as in libtorch; the options' beta is for the layer.
Tensor smooth_l1_loss(const Tensor& x, const Tensor& target,
                      const SmoothL1LossFuncOptions& options = {}, double beta = 1.0);
Tensor huber_loss(const Tensor& x, const Tensor& target, const HuberLossFuncOptions& options = {});
Tensor soft_margin_loss(const Tensor& x, const Tensor& target,
                        const SoftMarginLossFuncOptions& options = {});
Tensor kl_div(const Tensor& x, const Tensor& target, const KLDivFuncOptions& options = {});
Tensor poisson_nll_loss(const Tensor& x, const Tensor& target,
                        const PoissonNLLLossFuncOptions& options = {});

struct BinaryCrossEntropyFuncOptions {
  using reduction_t = Reduction;
  TAPER_ARG(Tensor, weight) = {};
  TAPER_ARG(Reduction, reduction) = kMean;
};
struct BinaryCrossEntropyWithLogitsFuncOptions {
  using reduction_t = Reduction;
  TAPER_ARG(Tensor, weight) = {};
  TAPER_ARG(Reduction, reduction) = kMean;
  TAPER_ARG(Tensor, pos_weight) = {};
};

// -w (target log(x) + (1 - target) log(1 - x)), the logarithms not below -100; x in [0, 1] and
// target of one shape.
Tensor binary_cross_entropy(const Tensor& x, const Tensor& target,
                            const BinaryCrossEntropyFuncOptions& options = {});
// -w (pos_weight target log(s) + (1 - target) log(1 - s)) with s = sigmoid(x), without overflow for
// any x.
Tensor binary_cross_entropy_with_logits(
    const Tensor& x, const Tensor& target,
    const BinaryCrossEntropyWithLogitsFuncOptions& options = {});

struct NLLLossFuncOptions {
  using reduction_t = Reduction;
  TAPER_ARG(Tensor, weight) = {};  // [C]
  TAPER_ARG(int64_t, ignore_index) = -100;
  TAPER_ARG(Reduction, reduction) = kMean;
};
struct CrossEntropyFuncOptions {
  using reduction_t = Reduction;
  TAPER_ARG(Tensor, weight) = {};  // [C]
  TAPER_ARG(int64_t, ignore_index) = -100;
  TAPER_ARG(Reduction, reduction) = kMean;
  TAPER_ARG(double, label_smoothing) = 0.0;
};

// -w[t] x[t] for each target t (int64); x [C], [N, C] or [N, C, d1, ...] of log-probabilities,
// target [], [N] or [N, d1, ...]. Targets equal to ignore_index count as no loss. The mean is over
// the weights w[t] of the others.
Tensor nll_loss(const Tensor& x, const Tensor& target, const NLLLossFuncOptions& options = {});
// nll_loss of log_softmax(x) over the classes. With label_smoothing e the target is 1 - e of itself
// and e / C of every class. A target of x's own shape holds the probabilities of the classes, in
// floating point.
Tensor cross_entropy(const Tensor& x, const Tensor& target,
                     const CrossEntropyFuncOptions& options = {});

struct CosineEmbeddingLossFuncOptions {
  using reduction_t = Reduction;
  TAPER_ARG(double, margin) = 0.0;
  TAPER_ARG(Reduction, reduction) = kMean;
};
struct HingeEmbeddingLossFuncOptions {
  using reduction_t = Reduction;
  TAPER_ARG(double, margin) = 1.0;
  TAPER_ARG(Reduction, reduction) = kMean;
};
struct MarginRankingLossFuncOptions {
  using reduction_t = Reduction;
  TAPER_ARG(double, margin) = 0;
  TAPER_ARG(Reduction, reduction) = kMean;
};
struct TripletMarginLossFuncOptions {
  using reduction_t = Reduction;
  TAPER_ARG(double, margin) = 1.0;
  TAPER_ARG(double, p) = 2.0;
  TAPER_ARG(double, eps) = 1e-6;
  TAPER_ARG(bool, swap) = false;
  TAPER_ARG(Reduction, reduction) = kMean;
};

Tensor cosine_embedding_loss(const Tensor& a, const Tensor& b, const Tensor& target,
                             const CosineEmbeddingLossFuncOptions& options = {});
Tensor hinge_embedding_loss(const Tensor& x, const Tensor& target,
                            const HingeEmbeddingLossFuncOptions& options = {});
Tensor margin_ranking_loss(const Tensor& a, const Tensor& b, const Tensor& target,
                           const MarginRankingLossFuncOptions& options = {});
Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           const TripletMarginLossFuncOptions& options = {});

}  // namespace taper::nn::functional
