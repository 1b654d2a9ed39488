#include "taper/optim/lbfgs.h"

#include <cmath>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "optim/problems.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/error.h"

namespace taper::optim {
namespace {

using ::testing::HasSubstr;
using testing::Rosenbrock;

const LBFGSParamState& state_of(const LBFGS& optimizer) {
  return static_cast<const LBFGSParamState&>(*optimizer.state().begin()->second);
}

// What libtorch 1.13.1 did: the loss of some evaluations of the closure, and after each step() how
// many evaluations and moves there had been.
struct Reference {
  std::vector<std::pair<size_t, double>> losses;
  std::vector<std::pair<int64_t, int64_t>> counts;
};

void expect_trajectory(const std::vector<double>& start, const LBFGSOptions& options,
                       const Reference& reference) {
  Rosenbrock problem(start);
  LBFGS optimizer({problem.x}, options);
  for (const auto& [func_evals, n_iter] : reference.counts) {
    const size_t first = problem.losses.size();
    const Tensor loss = optimizer.step([&] { return problem.evaluate(); });
    EXPECT_EQ(loss.item<double>(), problem.losses[first]);
    EXPECT_EQ(state_of(optimizer).func_evals(), func_evals);
    EXPECT_EQ(state_of(optimizer).n_iter(), n_iter);
    EXPECT_EQ(static_cast<int64_t>(problem.losses.size()), func_evals);
  }
  for (const auto& [i, loss] : reference.losses) {
    ASSERT_LT(i, problem.losses.size());
    EXPECT_NEAR(problem.losses[i], loss, 1e-9 * loss) << "evaluation " << i;
  }
}

TEST(LBFGS, MovesByTheLearningRateAsLibtorch) {
  expect_trajectory({-1.2, 1.0}, LBFGSOptions(0.1).max_iter(10),
                    {{{0, 24.199999999999996},
                      {1, 10.565633722077012},
                      {2, 9.4992606541153055},
                      {5, 7.1129510205067206},
                      {10, 5.230497891574144},
                      {20, 4.2653360057827587},
                      {35, 4.0821866084424547},
                      {49, 3.6398198270566904}},
                     {{10, 10}, {20, 20}, {30, 30}, {40, 40}, {50, 50}}});
}

// The last two steps find the gradient's change too small and stop after one evaluation.
TEST(LBFGS, SearchesAlongTheLineAsLibtorch) {
  expect_trajectory({-1.2, 1.0}, LBFGSOptions(1).max_iter(10).line_search_fn("strong_wolfe"),
                    {{{0, 24.199999999999996},
                      {1, 112.44805608969929},
                      {2, 4.1469271025672132},
                      {5, 4.1118164517577513},
                      {11, 2.8597591407314664},
                      {15, 18.34778356158634},
                      {22, 130.92004853351523},
                      {30, 0.12079036409350703},
                      {41, 0.00031212979979735613}},
                     {{12, 10}, {25, 18}, {37, 27}, {46, 35}, {47, 36}, {48, 37}}});
}

// A first step far too short: the bracket has to grow by extrapolation.
TEST(LBFGS, WidensTheBracketAsLibtorch) {
  expect_trajectory({3, -5}, LBFGSOptions(0.01).max_iter(30).line_search_fn("strong_wolfe"),
                    {{{0, 19604},
                      {1, 19456.44606102322},
                      {2, 18803.623844109443},
                      {5, 14669.496867743163},
                      {18, 3498.8027350942589},
                      {37, 66.61778704067423},
                      {56, 0.85961034424814931},
                      {74, 0.31054880376903582},
                      {93, 0.13893840420432196},
                      {111, 0.028903668562105168}},
                     {{37, 12}, {75, 24}, {112, 37}}});
}

TEST(LBFGS, ForgetsTheOldestAsLibtorch) {
  expect_trajectory({-1.2, 1.0, 0.5, -0.3, 2, 1},
                    LBFGSOptions(1).max_iter(20).history_size(3).line_search_fn("strong_wolfe"),
                    {{{0, 1347.2},
                      {1, 228.9754435154795},
                      {2, 162.34843510981554},
                      {5, 58.568337575440538},
                      {13, 5.5819481710802821},
                      {26, 4.6280927031204975},
                      {39, 1.8372951929512702}},
                     {{25, 20}, {50, 40}}});
}

TEST(LBFGS, KeepsNoMoreThanItsHistory) {
  Rosenbrock problem({-1.2, 1.0, 0.5, -0.3});
  LBFGS optimizer({problem.x},
                  LBFGSOptions(1).history_size(3).line_search_fn("strong_wolfe").max_iter(15));
  optimizer.step([&] { return problem.evaluate(); });
  EXPECT_EQ(state_of(optimizer).old_dirs().size(), 3u);
  EXPECT_EQ(state_of(optimizer).old_stps().size(), 3u);
  EXPECT_EQ(state_of(optimizer).ro().size(), 3u);
}

TEST(LBFGS, TreatsAllParametersAsOneVector) {
  Rosenbrock whole({-1.2, 1.0, 0.5, -0.3, 2, 1});
  LBFGS whole_lbfgs({whole.x}, LBFGSOptions(1).line_search_fn("strong_wolfe"));
  Rosenbrock joined({-1.2, 1.0, 0.5, -0.3, 2, 1});
  const Tensor a = tensor({{-1.2, 1.0}, {0.5, -0.3}}, kDouble).requires_grad_();
  const Tensor b = tensor({2.0, 1.0}, kDouble).requires_grad_();
  LBFGS joined_lbfgs({a, b}, LBFGSOptions(1).line_search_fn("strong_wolfe"));
  for (int step = 0; step < 3; ++step) {
    whole_lbfgs.step([&] { return whole.evaluate(); });
    joined_lbfgs.step([&] {
      joined.x.data().narrow(0, 0, 4).copy_(a.detach().flatten());
      joined.x.data().narrow(0, 4, 2).copy_(b.detach());
      Tensor loss = joined.evaluate();
      a.mutable_grad() = joined.x.grad().narrow(0, 0, 4).clone().reshape({2, 2});
      b.mutable_grad() = joined.x.grad().narrow(0, 4, 2).clone();
      return loss;
    });
  }
  EXPECT_EQ(joined.losses, whole.losses);
}

TEST(LBFGS, TakesAMissingGradientForZero) {
  const Tensor p = tensor({3.0}, kDouble).requires_grad_();
  const Tensor unused = tensor({5.0}, kDouble).requires_grad_();
  LBFGS optimizer({unused, p}, LBFGSOptions(1).line_search_fn("strong_wolfe"));
  optimizer.step([&] {
    optimizer.zero_grad();
    Tensor loss = (p * p).sum();
    loss.backward();
    return loss;
  });
  EXPECT_NEAR(p.item<double>(), 0, 1e-9);
  EXPECT_EQ(unused.item<double>(), 5);
}

TEST(LBFGS, WorksInFloat) {
  const Tensor p = tensor({-1.2, 1.0}).requires_grad_();
  LBFGS optimizer({p}, LBFGSOptions(1).line_search_fn("strong_wolfe"));
  for (int step = 0; step < 5; ++step) {
    optimizer.step([&] {
      optimizer.zero_grad();
      const Tensor a = p[1] - p[0] * p[0];
      const Tensor b = 1 - p[0];
      Tensor loss = 100 * a * a + b * b;
      loss.backward();
      return loss;
    });
  }
  EXPECT_EQ(p.scalar_type(), kFloat);
  EXPECT_EQ(state_of(optimizer).d().scalar_type(), kFloat);
  EXPECT_NEAR(p.data_ptr<float>()[0], 1, 1e-3);
  EXPECT_NEAR(p.data_ptr<float>()[1], 1, 2e-3);
}

TEST(LBFGS, StopsWhereTheGradientIsFlat) {
  Rosenbrock problem({1, 1});
  LBFGS optimizer({problem.x});
  EXPECT_EQ(optimizer.step([&] { return problem.evaluate(); }).item<double>(), 0);
  EXPECT_EQ(problem.losses.size(), 1u);
  EXPECT_EQ(state_of(optimizer).n_iter(), 0);
}

TEST(LBFGS, StopsAfterMaxEval) {
  Rosenbrock problem({-1.2, 1.0});
  LBFGS optimizer({problem.x}, LBFGSOptions(1e-3).max_iter(100).max_eval(7));
  optimizer.step([&] { return problem.evaluate(); });
  EXPECT_EQ(problem.losses.size(), 7u);
  // Not said, it is a quarter more than max_iter.
  LBFGS other({problem.x}, LBFGSOptions().max_iter(12));
  EXPECT_EQ(static_cast<LBFGSOptions&>(other.param_groups()[0].options()).max_eval(), 15);
  EXPECT_EQ(static_cast<LBFGSOptions&>(other.defaults()).max_eval(), 15);
}

TEST(LBFGS, RefusesGroupsAndAMissingClosure) {
  const Tensor p = ones({1}).requires_grad_();
  const Tensor q = ones({1}).requires_grad_();
  const std::vector<OptimizerParamGroup> groups = {std::vector<Tensor>{p}, std::vector<Tensor>{q}};
  try {
    LBFGS optimizer(groups);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "LBFGS doesn't support per-parameter options (parameter groups)");
  }
  LBFGS optimizer({p});
  try {
    optimizer.step(nullptr);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "LBFGS requires a closure function");
  }
  optimizer.add_param_group(OptimizerParamGroup({q}));
  EXPECT_THROW(optimizer.step([&] { return p.sum(); }), Error);
  EXPECT_THROW(LBFGS(std::vector<Tensor>{}).step([&] { return p.sum(); }), Error);
}

}  // namespace
}  // namespace taper::optim
