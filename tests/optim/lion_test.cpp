#include "optim/lion.h"

#include <cmath>

#include "optim/problems.h"
#include "taper/autograd/gtest.h"

namespace taper::optim {
namespace {

using testing::Bowl;

// The paper's update in plain loops; in the middle, options and state go through a state dict into
// another optimizer.
TEST(Lion, IsThePapersFormulaAndGoesOnFromItsState) {
  constexpr double lr = 0.01, beta1 = 0.9, beta2 = 0.99, decay = 0.1;
  Bowl<double> bowl;
  std::vector<double> p = bowl.values(), g(p.size()), m(p.size());
  Lion first(bowl.parameters(), LionOptions(lr).weight_decay(decay));
  Lion second(bowl.parameters());
  for (int t = 1; t <= 40; ++t) {
    testing::bowl_gradient<double>(t, 0, static_cast<int>(p.size()), p.data(), g.data());
    for (size_t i = 0; i < p.size(); ++i) {
      const double u = beta1 * m[i] + (1 - beta1) * g[i];
      p[i] -= lr * (static_cast<double>((u > 0) - (u < 0)) + decay * p[i]);
      m[i] = beta2 * m[i] + (1 - beta2) * g[i];
    }
    bowl.set_gradients(t);
    if (t == 20) second.load_state_dict(first.state_dict());
    (t < 20 ? first : second).step();
    const std::vector<double> values = bowl.values();
    for (size_t i = 0; i < p.size(); ++i) ASSERT_NEAR(values[i], p[i], 1e-13) << t;
  }
}

TEST(Lion, RefusesOptionsAndStatesThatMakeNoSense) {
  Bowl<double> bowl;
  EXPECT_THROW(Lion(bowl.parameters(), LionOptions(-1)), Error);
  EXPECT_THROW(Lion(bowl.parameters(), LionOptions().betas({0.9, 1.0})), Error);
  Lion lion(bowl.parameters());
  bowl.set_gradients(1);
  lion.step();
  io::TensorDict dict = lion.state_dict();
  for (auto& [name, tensor] : dict.tensors) {
    if (name == "state.0.exp_avg") tensor = tensor.flatten().slice(0, 1);
  }
  EXPECT_THROW(lion.load_state_dict(dict), Error);
}

}  // namespace
}  // namespace taper::optim
