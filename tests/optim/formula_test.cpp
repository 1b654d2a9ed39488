#include <cmath>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "optim/problems.h"
#include "taper/optim/optim.h"

// Every optimizer against the update as its paper or PyTorch's documentation gives it, in plain
// loops.
namespace taper::optim {
namespace {

using testing::Bowl;
using testing::bowl_gradient;

constexpr int kCount = 14;

// `update(t, gradient, parameters)` is one step of the formula.
template <class Update>
void expect_formula(Optimizer& optimizer, Bowl<double>& bowl, const Update& update) {
  std::vector<double> p = bowl.values();
  std::vector<double> g(kCount);
  for (int t = 1; t <= 100; ++t) {
    bowl_gradient<double>(t, 0, kCount, p.data(), g.data());
    update(t, g, p);
    bowl.set_gradients(t);
    optimizer.step();
    const std::vector<double> values = bowl.values();
    for (size_t i = 0; i < kCount; ++i) {
      ASSERT_NEAR(values[i], p[i], 1e-13) << "element " << i << " after step " << t;
    }
  }
}

TEST(Formula, Sgd) {
  Bowl<double> bowl;
  SGD optimizer(bowl.parameters(), SGDOptions(0.1).weight_decay(0.05));
  expect_formula(optimizer, bowl, [](int, const std::vector<double>& g, std::vector<double>& p) {
    for (size_t i = 0; i < kCount; ++i) p[i] -= 0.1 * (g[i] + 0.05 * p[i]);
  });
}

TEST(Formula, SgdWithMomentum) {
  Bowl<double> bowl;
  SGD optimizer(bowl.parameters(), SGDOptions(0.05).momentum(0.9).dampening(0.3));
  std::vector<double> b(kCount);
  expect_formula(optimizer, bowl, [&](int t, const std::vector<double>& g, std::vector<double>& p) {
    for (size_t i = 0; i < kCount; ++i) {
      b[i] = t == 1 ? g[i] : 0.9 * b[i] + (1 - 0.3) * g[i];
      p[i] -= 0.05 * b[i];
    }
  });
}

TEST(Formula, SgdWithNesterov) {
  Bowl<double> bowl;
  SGD optimizer(bowl.parameters(), SGDOptions(0.05).momentum(0.7).nesterov(true));
  std::vector<double> b(kCount);
  expect_formula(optimizer, bowl, [&](int t, const std::vector<double>& g, std::vector<double>& p) {
    for (size_t i = 0; i < kCount; ++i) {
      b[i] = t == 1 ? g[i] : 0.7 * b[i] + g[i];
      p[i] -= 0.05 * (g[i] + 0.7 * b[i]);
    }
  });
}

struct AdamFormula {
  double lr, beta1, beta2, eps, coupled, decoupled;
  bool amsgrad;
  std::vector<double> m = std::vector<double>(kCount);
  std::vector<double> v = std::vector<double>(kCount);
  std::vector<double> largest = std::vector<double>(kCount);

  void operator()(int t, const std::vector<double>& g, std::vector<double>& p) {
    for (size_t i = 0; i < kCount; ++i) {
      const double gi = g[i] + coupled * p[i];
      p[i] -= lr * decoupled * p[i];
      m[i] = beta1 * m[i] + (1 - beta1) * gi;
      v[i] = beta2 * v[i] + (1 - beta2) * gi * gi;
      largest[i] = std::max(largest[i], v[i]);
      const double m_hat = m[i] / (1 - std::pow(beta1, t));
      const double v_hat = (amsgrad ? largest[i] : v[i]) / (1 - std::pow(beta2, t));
      p[i] -= lr * m_hat / (std::sqrt(v_hat) + eps);
    }
  }
};

TEST(Formula, Adam) {
  Bowl<double> bowl;
  Adam optimizer(bowl.parameters(), AdamOptions(0.03).weight_decay(0.1).betas({0.8, 0.99}));
  AdamFormula formula{0.03, 0.8, 0.99, 1e-8, 0.1, 0, false};
  expect_formula(optimizer, bowl, std::ref(formula));
}

TEST(Formula, AdamWithAmsgrad) {
  Bowl<double> bowl;
  Adam optimizer(bowl.parameters(), AdamOptions(0.03).amsgrad(true).betas({0.9, 0.9}).eps(1e-5));
  AdamFormula formula{0.03, 0.9, 0.9, 1e-5, 0, 0, true};
  expect_formula(optimizer, bowl, std::ref(formula));
}

TEST(Formula, AdamW) {
  Bowl<double> bowl;
  AdamW optimizer(bowl.parameters(), AdamWOptions(0.02).weight_decay(0.2));
  AdamFormula formula{0.02, 0.9, 0.999, 1e-8, 0, 0.2, false};
  expect_formula(optimizer, bowl, std::ref(formula));
}

TEST(Formula, AdamWWithAmsgrad) {
  Bowl<double> bowl;
  AdamW optimizer(bowl.parameters(), AdamWOptions(0.02).amsgrad(true).betas({0.7, 0.8}));
  AdamFormula formula{0.02, 0.7, 0.8, 1e-8, 0, 1e-2, true};
  expect_formula(optimizer, bowl, std::ref(formula));
}

TEST(Formula, Adagrad) {
  Bowl<double> bowl;
  Adagrad optimizer(
      bowl.parameters(),
      AdagradOptions(0.4).lr_decay(0.1).weight_decay(0.05).initial_accumulator_value(0.2).eps(
          0.01));
  std::vector<double> sum(kCount, 0.2);
  expect_formula(optimizer, bowl, [&](int t, const std::vector<double>& g, std::vector<double>& p) {
    for (size_t i = 0; i < kCount; ++i) {
      const double gi = g[i] + 0.05 * p[i];
      sum[i] += gi * gi;
      p[i] -= 0.4 / (1 + (t - 1) * 0.1) * gi / (std::sqrt(sum[i]) + 0.01);
    }
  });
}

TEST(Formula, RMSprop) {
  for (const bool centered : {false, true}) {
    for (const double momentum : {0.0, 0.6}) {
      Bowl<double> bowl;
      RMSprop optimizer(
          bowl.parameters(),
          RMSpropOptions(0.01).alpha(0.9).eps(0.01).weight_decay(0.1).momentum(momentum).centered(
              centered));
      std::vector<double> s(kCount), m(kCount), b(kCount);
      expect_formula(optimizer, bowl,
                     [&](int, const std::vector<double>& g, std::vector<double>& p) {
                       for (size_t i = 0; i < kCount; ++i) {
                         const double gi = g[i] + 0.1 * p[i];
                         s[i] = 0.9 * s[i] + 0.1 * gi * gi;
                         m[i] = 0.9 * m[i] + 0.1 * gi;
                         const double variance = centered ? s[i] - m[i] * m[i] : s[i];
                         b[i] = momentum * b[i] + gi / (std::sqrt(variance) + 0.01);
                         p[i] -= 0.01 * b[i];
                       }
                     });
    }
  }
}

// The rest behind the last full vector, and pieces for several threads, give what a single element
// gives by itself.
TEST(Formula, EveryPlaceInATensorIsAlike) {
  for (int64_t n : {1, 2, 3, 7, 8, 31, 33, 16384, 16385, 50'000}) {
    Tensor many = full({n}, 0.7).requires_grad_();
    Tensor one = full({1}, 0.7).requires_grad_();
    Adam many_adam({many}, AdamOptions(0.1).weight_decay(0.01).amsgrad(true));
    Adam one_adam({one}, AdamOptions(0.1).weight_decay(0.01).amsgrad(true));
    SGD many_sgd({many}, SGDOptions(0.1).momentum(0.9).nesterov(true));
    SGD one_sgd({one}, SGDOptions(0.1).momentum(0.9).nesterov(true));
    Adagrad many_adagrad({many}, AdagradOptions(0.1));
    Adagrad one_adagrad({one}, AdagradOptions(0.1));
    RMSprop many_rmsprop({many}, RMSpropOptions().centered(true).momentum(0.5));
    RMSprop one_rmsprop({one}, RMSpropOptions().centered(true).momentum(0.5));
    many.mutable_grad() = full({n}, 0.3);
    one.mutable_grad() = full({1}, 0.3);
    for (int step = 0; step < 3; ++step) {
      many_adam.step();
      one_adam.step();
      many_sgd.step();
      one_sgd.step();
      many_adagrad.step();
      one_adagrad.step();
      many_rmsprop.step();
      one_rmsprop.step();
    }
    const float expected = one.data_ptr<float>()[0];
    for (int64_t i = 0; i < n; ++i) {
      ASSERT_EQ(many.data_ptr<float>()[i], expected) << i << " of " << n;
    }
  }
}

TEST(Formula, AmsgradKeepsNan) {
  Tensor p = ones({3}).requires_grad_();
  p.mutable_grad() = ones({3});
  p.grad().data_ptr<float>()[1] = std::numeric_limits<float>::quiet_NaN();
  Adam optimizer({p}, AdamOptions().amsgrad(true));
  optimizer.step();
  EXPECT_FALSE(std::isnan(p.data_ptr<float>()[0]));
  EXPECT_TRUE(std::isnan(p.data_ptr<float>()[1]));
}

}  // namespace
}  // namespace taper::optim
