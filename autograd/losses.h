#pragma once

#include <optional>

#include "taper/tensor/tensor.h"

// What becomes of the losses of the elements: each of them, their mean, their sum. The functions
// take it as an int64_t, as libtorch's do.
namespace taper::Reduction {

enum Reduction { None, Mean, Sum, END };

}  // namespace taper::Reduction

// Losses; a part of taper/autograd/ops.h. nn/functional.h and nn/modules/loss.h are faces of these.
// x and target broadcast and promote, and both get gradients, unless said otherwise. A weight gets
// none: one that requires grad throws, as in libtorch. Of a mean over broadcast elements an operand
// with fewer gets libtorch's gradient, which is divided by its own number of them.
namespace taper {

// (x - target)^2
Tensor mse_loss(const Tensor& x, const Tensor& target, int64_t reduction = Reduction::Mean);
// |x - target|
Tensor l1_loss(const Tensor& x, const Tensor& target, int64_t reduction = Reduction::Mean);
// With d = |x - target|: d < beta ? d^2 / (2 beta) : d - beta / 2. beta >= 0.
Tensor smooth_l1_loss(const Tensor& x, const Tensor& target, int64_t reduction = Reduction::Mean,
                      double beta = 1.0);
// With d = |x - target|: d <= delta ? d^2 / 2 : delta (d - delta / 2). delta > 0.
Tensor huber_loss(const Tensor& x, const Tensor& target, int64_t reduction = Reduction::Mean,
                  double delta = 1.0);
// log(1 + exp(-target x)); a target that requires grad throws.
Tensor soft_margin_loss(const Tensor& x, const Tensor& target, int64_t reduction = Reduction::Mean);
// target (log(target) - x), the first term 0 where target is; with log_target exp(target) (target -
// x).
Tensor kl_div(const Tensor& x, const Tensor& target, int64_t reduction = Reduction::Mean,
              bool log_target = false);
// log_input: exp(x) - target x, else x - target log(x + eps). full adds Stirling's target
// log(target) - target + log(2 pi target) / 2 where target > 1.
Tensor poisson_nll_loss(const Tensor& x, const Tensor& target, bool log_input, bool full,
                        double eps, int64_t reduction);

// -w (target log(x) + (1 - target) log(1 - x)), the logarithms not below -100; x in [0, 1], target
// of the same size and dtype.
Tensor binary_cross_entropy(const Tensor& x, const Tensor& target,
                            const std::optional<Tensor>& weight = {},
                            int64_t reduction = Reduction::Mean);
// -w (pos_weight target log(s) + (1 - target) log(1 - s)) with s = sigmoid(x), without overflow for
// any x.
Tensor binary_cross_entropy_with_logits(const Tensor& x, const Tensor& target,
                                        const std::optional<Tensor>& weight = {},
                                        const std::optional<Tensor>& pos_weight = {},
                                        int64_t reduction = Reduction::Mean);

// --- Losses over C classes; weight [C] ---
// -w[t] x[t] for each target t (int64): x [C] and target [], or x [N, C] and target [N], of
// log-probabilities. A target that equals ignore_index counts as no loss, another one outside of
// the classes throws IndexError. The mean is over the weights w[t] of those that count.
Tensor nll_loss(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight = {},
                int64_t reduction = Reduction::Mean, int64_t ignore_index = -100);
// The same for x [N, C, H, W] and target [N, H, W].
Tensor nll_loss2d(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight = {},
                  int64_t reduction = Reduction::Mean, int64_t ignore_index = -100);
// The same for x [C] or [N, C, d1, ...] and target [] or [N, d1, ...].
Tensor nll_loss_nd(const Tensor& x, const Tensor& target, const std::optional<Tensor>& weight = {},
                   int64_t reduction = Reduction::Mean, int64_t ignore_index = -100);
// nll_loss_nd of log_softmax(x) over the classes. With label_smoothing e the target is 1 - e of
// itself and e / C of every class. A target of x's own shape holds the probabilities of the
// classes, in floating point; its mean is over the batch.
Tensor cross_entropy_loss(const Tensor& x, const Tensor& target,
                          const std::optional<Tensor>& weight = {},
                          int64_t reduction = Reduction::Mean, int64_t ignore_index = -100,
                          double label_smoothing = 0.0);

// --- Losses of pairs; target holds 1 and -1 ---
// a, b [N, D] and target [N], or [D] and []. target 1: 1 - cos(a, b), -1: max(0, cos(a, b) -
// margin).
Tensor cosine_embedding_loss(const Tensor& a, const Tensor& b, const Tensor& target,
                             double margin = 0.0, int64_t reduction = Reduction::Mean);
// target 1: x, -1: max(0, margin - x).
Tensor hinge_embedding_loss(const Tensor& x, const Tensor& target, double margin = 1.0,
                            int64_t reduction = Reduction::Mean);
// max(0, -target (a - b) + margin)
Tensor margin_ranking_loss(const Tensor& a, const Tensor& b, const Tensor& target,
                           double margin = 0.0, int64_t reduction = Reduction::Mean);
// max(0, d(anchor, positive) - d(anchor, negative) + margin) with pairwise_distance d; swap takes
// d(positive, negative) if it is less than d(anchor, negative).
Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           double margin = 1.0, double p = 2, double eps = 1e-6, bool swap = false,
                           int64_t reduction = Reduction::Mean);

}  // namespace taper
