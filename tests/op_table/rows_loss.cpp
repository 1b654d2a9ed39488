// Losses.
#include <string>
#include <utility>

#include "op_table/table.h"

namespace op_table {
namespace {

using T::Tensor;
using Loss = std::function<Tensor(const Tensor& x, const Tensor& target, int64_t reduction)>;

// Probabilities away from 0 and 1.
Tensor chances(T::IntArrayRef sizes) { return T::sigmoid(real(sizes).detach()).requires_grad_(); }

// The three reductions, and operands that broadcast. (Of a mean over those libtorch's gradients are
// no derivatives.)
std::vector<Case> reductions(Tensor x, Tensor target, const Loss& loss) {
  std::vector<Case> cases;
  const char* labels[] = {"none", "mean", "sum"};
  for (int64_t reduction : {T::Reduction::None, T::Reduction::Mean, T::Reduction::Sum}) {
    cases.push_back(
        two(labels[reduction], x.detach().clone().requires_grad_(),
            target.is_floating_point() ? target.detach().clone().requires_grad_() : target,
            [loss, reduction](const Tensor& a, const Tensor& b) { return loss(a, b, reduction); }));
  }
  return cases;
}

std::vector<Case> elementwise(const Loss& loss) {
  std::vector<Case> cases = reductions(real({2, 3}), real({2, 3}), loss);
  cases.push_back(two("row", real({2, 3}), real({3}), [loss](const Tensor& a, const Tensor& b) {
    return loss(a, b, T::Reduction::None);
  }));
  return cases;
}

void add(std::vector<Case>& cases, std::vector<Case> more) {
  for (Case& c : more) cases.push_back(std::move(c));
}

void add_elementwise(std::vector<Row>& rows) {
  auto row = [&](const char* name, std::vector<Case> cases) {
    rows.push_back({name, kNone, std::move(cases)});
  };
  row("mse_loss", elementwise([](const Tensor& x, const Tensor& t, int64_t r) {
        return T::mse_loss(x, t, r);
      }));
  row("l1_loss",
      elementwise([](const Tensor& x, const Tensor& t, int64_t r) { return T::l1_loss(x, t, r); }));
  std::vector<Case> smooth;
  std::vector<Case> huber;
  for (double size : {0.3, 1.0, 2.0}) {
    add(smooth, elementwise([size](const Tensor& x, const Tensor& t, int64_t r) {
          return T::smooth_l1_loss(x, t, r, size);
        }));
    add(huber, elementwise([size](const Tensor& x, const Tensor& t, int64_t r) {
          return T::huber_loss(x, t, r, size);
        }));
  }
  add(smooth,
      reductions(real({2, 3}), real({2, 3}), [](const Tensor& x, const Tensor& t, int64_t r) {
        return T::smooth_l1_loss(x, t, r, 0);
      }));
  row("smooth_l1_loss", smooth);
  row("huber_loss", huber);
  const Tensor signs = T::tensor({{1, -1, 1}, {-1, 1, 1}});
  row("soft_margin_loss",
      reductions(real({2, 3}), signs, [](const Tensor& x, const Tensor& t, int64_t r) {
        return T::soft_margin_loss(x, t.to(x.scalar_type()), r);
      }));
  std::vector<Case> kl =
      reductions(real({2, 3}), positive({2, 3}),
                 [](const Tensor& x, const Tensor& t, int64_t r) { return T::kl_div(x, t, r); });
  add(kl, elementwise([](const Tensor& x, const Tensor& t, int64_t r) {
        return T::kl_div(x, t, r, true);
      }));
  row("kl_div", kl);
  std::vector<Case> poisson = elementwise([](const Tensor& x, const Tensor& t, int64_t r) {
    return T::poisson_nll_loss(x, t, true, false, 1e-8, r);
  });
  add(poisson, reductions(positive({2, 3}), positive({2, 3}),
                          [](const Tensor& x, const Tensor& t, int64_t r) {
                            return T::poisson_nll_loss(x, t, false, true, 1e-8, r);
                          }));
  row("poisson_nll_loss", poisson);

  const Tensor weight = positive({3}).detach();
  std::vector<Case> bce =
      reductions(chances({2, 3}), chances({2, 3}), [](const Tensor& x, const Tensor& t, int64_t r) {
        return T::binary_cross_entropy(x, t, {}, r);
      });
  add(bce, reductions(chances({2, 3}), chances({2, 3}),
                      [weight](const Tensor& x, const Tensor& t, int64_t r) {
                        return T::binary_cross_entropy(x, t, weight.to(x.scalar_type()), r);
                      }));
  row("binary_cross_entropy", bce);
  std::vector<Case> logits;
  for (int kind = 0; kind < 4; ++kind) {
    add(logits, reductions(real({2, 3}), chances({2, 3}),
                           [weight, kind](const Tensor& x, const Tensor& t, int64_t r) {
                             const Tensor w = weight.to(x.scalar_type());
                             return T::binary_cross_entropy_with_logits(
                                 x, t, kind % 2 == 1 ? w : Tensor(), kind > 1 ? w + 1 : Tensor(),
                                 r);
                           }));
  }
  row("binary_cross_entropy_with_logits", logits);
}

void add_classes(std::vector<Row>& rows) {
  auto row = [&](const char* name, std::vector<Case> cases) {
    rows.push_back({name, kNone, std::move(cases)});
  };
  const Tensor weight = positive({3}).detach();
  const auto in_type = [weight](const Tensor& x) { return weight.to(x.scalar_type()); };
  const Tensor targets = T::tensor({2, -100, 0, 1});
  const Tensor image = integers({2, 2, 2}, 0, 3);
  const Loss nll = [](const Tensor& x, const Tensor& t, int64_t r) {
    return T::nll_loss(x, t, {}, r);
  };
  std::vector<Case> flat = reductions(real({4, 3}), targets, nll);
  add(flat, reductions(real({3}), T::tensor(1), nll));
  add(flat, reductions(real({4, 3}), integers({4}, 0, 3),
                       [in_type](const Tensor& x, const Tensor& t, int64_t r) {
                         return T::nll_loss(x, t, in_type(x), r, 1);
                       }));
  row("nll_loss", flat);
  row("nll_loss2d",
      reductions(real({2, 3, 2, 2}), image, [in_type](const Tensor& x, const Tensor& t, int64_t r) {
        return T::nll_loss2d(x, t, in_type(x), r);
      }));
  std::vector<Case> nd;
  std::vector<Case> cross;
  const std::vector<std::pair<std::vector<int64_t>, Tensor>> kinds = {
      {{4, 3}, targets},
      {{3}, T::tensor(2)},
      {{2, 3, 4}, integers({2, 4}, 0, 3)},
      {{2, 3, 2, 2}, image},
      {{1, 3, 2, 1, 2}, integers({1, 2, 1, 2}, 0, 3)}};
  for (const auto& [sizes, target] : kinds) {
    add(nd, reductions(real(sizes), target, [](const Tensor& x, const Tensor& t, int64_t r) {
          return T::nll_loss_nd(x, t, {}, r);
        }));
    for (double smoothing : {0.0, 0.2}) {
      add(cross,
          reductions(real(sizes), target, [smoothing](const Tensor& x, const Tensor& t, int64_t r) {
            return T::cross_entropy_loss(x, t, {}, r, -100, smoothing);
          }));
      add(cross, reductions(real(sizes), target,
                            [smoothing, in_type](const Tensor& x, const Tensor& t, int64_t r) {
                              return T::cross_entropy_loss(x, t, in_type(x), r, -100, smoothing);
                            }));
    }
  }
  // Probabilities of the classes.
  for (double smoothing : {0.0, 0.2}) {
    add(cross, reductions(real({2, 3}), chances({2, 3}),
                          [smoothing, in_type](const Tensor& x, const Tensor& t, int64_t r) {
                            return T::cross_entropy_loss(x, t, in_type(x), r, -100, smoothing);
                          }));
  }
  row("nll_loss_nd", nd);
  row("cross_entropy_loss", cross);
}

void add_pairs(std::vector<Row>& rows) {
  auto row = [&](const char* name, std::vector<Case> cases) {
    rows.push_back({name, kNone, std::move(cases)});
  };
  const Tensor signs = T::tensor({1, -1, 1});
  row("cosine_embedding_loss",
      reductions(real({3, 4}), real({3, 4}), [signs](const Tensor& a, const Tensor& b, int64_t r) {
        return T::cosine_embedding_loss(a, b, signs, -0.9, r);
      }));
  row("hinge_embedding_loss",
      reductions(real({2, 3}), signs, [](const Tensor& x, const Tensor& t, int64_t r) {
        return T::hinge_embedding_loss(x, t, 1.25, r);
      }));
  row("margin_ranking_loss",
      reductions(real({2, 3}), real({2, 3}), [signs](const Tensor& a, const Tensor& b, int64_t r) {
        return T::margin_ranking_loss(a, b, signs, 0.3, r);
      }));
  std::vector<Case> triplet;
  for (bool swap : {false, true}) {
    for (double p : {1.0, 2.0, 3.0}) {
      triplet.push_back(three("mean", real({2, 3}), real({2, 3}), real({2, 3}),
                              [swap, p](const Tensor& a, const Tensor& b, const Tensor& c) {
                                return T::triplet_margin_loss(a, b, c, 4.3, p, 1e-6, swap);
                              }));
    }
  }
  row("triplet_margin_loss", triplet);
}

}  // namespace

std::vector<Row> loss_rows() {
  std::vector<Row> rows;
  add_elementwise(rows);
  add_classes(rows);
  add_pairs(rows);
  return rows;
}

}  // namespace op_table
