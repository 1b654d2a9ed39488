#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "taper/optim/optim.h"
#include "taper/tensor/error.h"
#include "taper/tensor/factories.h"

namespace taper::optim {
namespace {

using ::testing::ElementsAre;

std::vector<double> lrs(const Optimizer& optimizer) {
  std::vector<double> lrs;
  for (const auto& group : optimizer.param_groups()) lrs.push_back(group.options().get_lr());
  return lrs;
}

SGD two_groups() {
  std::vector<OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<Tensor>{ones({1}).requires_grad_()});
  groups.emplace_back(std::vector<Tensor>{ones({1}).requires_grad_()},
                      std::make_unique<SGDOptions>(16.0));
  return SGD(groups, SGDOptions(1.0));
}

// The rates are libtorch 1.13.1's for the same calls.
TEST(StepLR, ChangesEveryGroupAtLibtorchsSteps) {
  SGD optimizer = two_groups();
  StepLR scheduler(optimizer, 3, 0.5);
  std::vector<double> seen;
  for (int i = 0; i < 10; ++i) {
    scheduler.step();
    seen.push_back(lrs(optimizer)[0]);
    EXPECT_EQ(lrs(optimizer)[1], 16 * seen.back());
  }
  EXPECT_THAT(seen, ElementsAre(1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125));
}

TEST(StepLR, StartsFromTheRateThatIsThere) {
  SGD optimizer = two_groups();
  StepLR scheduler(optimizer, 1);
  scheduler.step();
  optimizer.param_groups()[0].options().set_lr(2);
  scheduler.step();
  EXPECT_THAT(lrs(optimizer), ElementsAre(2 * 0.1, 16 * 0.1));
}

TEST(StepLR, WorksWithEveryOptimizer) {
  const Tensor p = ones({1}).requires_grad_();
  Adam adam({p}, AdamOptions(1.0));
  AdamW adamw({p}, AdamWOptions(1.0));
  LBFGS lbfgs({p}, LBFGSOptions(1.0));
  Adagrad adagrad({p}, AdagradOptions(1.0));
  RMSprop rmsprop({p}, RMSpropOptions(1.0));
  for (Optimizer* optimizer :
       std::initializer_list<Optimizer*>{&adam, &adamw, &lbfgs, &adagrad, &rmsprop}) {
    StepLR scheduler(*optimizer, 1, 0.5);
    scheduler.step();
    scheduler.step();
    EXPECT_THAT(lrs(*optimizer), ElementsAre(0.5));
  }
}

TEST(StepLR, RefusesAStepSizeOfZero) {
  SGD optimizer = two_groups();
  EXPECT_THROW(StepLR(optimizer, 0), Error);
}

TEST(StepLR, GoesOnFromASavedState) {
  SGD optimizer = two_groups();
  StepLR scheduler(optimizer, 2, 0.5);
  for (int i = 0; i < 2; ++i) scheduler.step();
  SGD other = two_groups();
  StepLR restored(other, 2, 0.5);
  other.load_state_dict(optimizer.state_dict());
  restored.load_state_dict(scheduler.state_dict());
  for (int i = 0; i < 6; ++i) {
    scheduler.step();
    restored.step();
    EXPECT_EQ(lrs(other), lrs(optimizer)) << i;
  }
  EXPECT_EQ(lrs(other)[0], 0.125);
}

TEST(StepLR, RefusesAnothersState) {
  SGD optimizer = two_groups();
  StepLR scheduler(optimizer, 1, 0.5);
  scheduler.step();
  EXPECT_THROW(scheduler.load_state_dict(optimizer.state_dict()), Error);
  io::TensorDict dict = scheduler.state_dict();
  dict.tensors[0].second = scalar_tensor(-1, kInt64);
  EXPECT_THROW(scheduler.load_state_dict(dict), Error);
  dict.tensors.clear();
  EXPECT_THROW(scheduler.load_state_dict(dict), Error);
  scheduler.step();
  EXPECT_EQ(lrs(optimizer)[0], 0.5);
}

// A schedule of a user's own.
class Halving : public LRScheduler {
 public:
  using LRScheduler::LRScheduler;

 private:
  std::vector<double> get_lrs() override {
    std::vector<double> lrs = get_current_lrs();
    for (double& lr : lrs) lr /= 2;
    return count_is_wrong_ ? std::vector<double>{} : lrs;
  }

 public:
  bool count_is_wrong_ = false;
};

TEST(LRScheduler, CanBeDerivedFrom) {
  SGD optimizer = two_groups();
  Halving scheduler(optimizer);
  scheduler.step();
  EXPECT_THAT(lrs(optimizer), ElementsAre(0.5, 8));
  scheduler.count_is_wrong_ = true;
  try {
    scheduler.step();
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "Number of learning rates not equal to the number of param groups\n"
                 "Number of learning rates given: 0\nNumber of param groups: 2");
  }
  EXPECT_THAT(lrs(optimizer), ElementsAre(0.5, 8));
}

}  // namespace
}  // namespace taper::optim
