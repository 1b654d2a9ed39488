#include <cmath>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "optim/problems.h"
#include "taper/autograd/grad_mode.h"
#include "taper/autograd/ops.h"
#include "taper/optim/optim.h"
#include "taper/tensor/error.h"

namespace taper::optim {
namespace {

using testing::Bowl;
using ::testing::HasSubstr;

template <class Fn>
std::string error_of(const Fn& fn) {
  try {
    fn();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

Tensor parameter(double value = 1) { return full({2}, value, kDouble).requires_grad_(); }

double first(const Tensor& x) { return x.data_ptr<double>()[0]; }

TEST(Options, AreThoseOfLibtorch) {
  const SGDOptions sgd(0.5);
  EXPECT_EQ(sgd.lr(), 0.5);
  EXPECT_EQ(sgd.momentum(), 0);
  EXPECT_EQ(sgd.dampening(), 0);
  EXPECT_EQ(sgd.weight_decay(), 0);
  EXPECT_FALSE(sgd.nesterov());
  const AdamOptions adam;
  EXPECT_EQ(adam.lr(), 1e-3);
  EXPECT_EQ(adam.betas(), std::make_tuple(0.9, 0.999));
  EXPECT_EQ(adam.eps(), 1e-8);
  EXPECT_EQ(adam.weight_decay(), 0);
  EXPECT_FALSE(adam.amsgrad());
  const AdamWOptions adamw;
  EXPECT_EQ(adamw.lr(), 1e-3);
  EXPECT_EQ(adamw.weight_decay(), 1e-2);
  const AdagradOptions adagrad;
  EXPECT_EQ(adagrad.lr(), 1e-2);
  EXPECT_EQ(adagrad.lr_decay(), 0);
  EXPECT_EQ(adagrad.weight_decay(), 0);
  EXPECT_EQ(adagrad.initial_accumulator_value(), 0);
  EXPECT_EQ(adagrad.eps(), 1e-10);
  const RMSpropOptions rmsprop;
  EXPECT_EQ(rmsprop.lr(), 1e-2);
  EXPECT_EQ(rmsprop.alpha(), 0.99);
  EXPECT_EQ(rmsprop.eps(), 1e-8);
  EXPECT_EQ(rmsprop.weight_decay(), 0);
  EXPECT_EQ(rmsprop.momentum(), 0);
  EXPECT_FALSE(rmsprop.centered());
  const LBFGSOptions lbfgs;
  EXPECT_EQ(lbfgs.lr(), 1);
  EXPECT_EQ(lbfgs.max_iter(), 20);
  EXPECT_EQ(lbfgs.max_eval(), std::nullopt);
  EXPECT_EQ(lbfgs.tolerance_grad(), 1e-7);
  EXPECT_EQ(lbfgs.tolerance_change(), 1e-9);
  EXPECT_EQ(lbfgs.history_size(), 100);
  EXPECT_EQ(lbfgs.line_search_fn(), std::nullopt);
  EXPECT_TRUE(SGDOptions(1).momentum(0.5) == SGDOptions(1).momentum(0.5));
  EXPECT_FALSE(SGDOptions(1).momentum(0.5) == SGDOptions(1));
}

TEST(Options, ThatMakeNoSenseAreRefusedInPyTorchsWords) {
  const Tensor p = parameter();
  const auto sgd = [&](const SGDOptions& o) { return error_of([&] { SGD({p}, o); }); };
  EXPECT_EQ(sgd(SGDOptions(-1)), "Invalid learning rate: -1");
  EXPECT_EQ(sgd(SGDOptions(1).momentum(-0.5)), "Invalid momentum value: -0.5");
  EXPECT_EQ(sgd(SGDOptions(1).weight_decay(-2)), "Invalid weight_decay value: -2");
  const std::string nesterov = "Nesterov momentum requires a momentum and zero dampening";
  EXPECT_EQ(sgd(SGDOptions(1).nesterov(true)), nesterov);
  EXPECT_EQ(sgd(SGDOptions(1).nesterov(true).momentum(0.9).dampening(0.1)), nesterov);

  const auto adam = [&](const AdamOptions& o) { return error_of([&] { Adam({p}, o); }); };
  EXPECT_EQ(adam(AdamOptions(-1)), "Invalid learning rate: -1");
  EXPECT_EQ(adam(AdamOptions().eps(-1)), "Invalid epsilon value: -1");
  EXPECT_EQ(adam(AdamOptions().betas({1.0, 0.9})), "Invalid beta parameter at index 0: 1");
  EXPECT_EQ(adam(AdamOptions().betas({0.9, -0.5})), "Invalid beta parameter at index 1: -0.5");
  EXPECT_EQ(adam(AdamOptions().weight_decay(-1)), "Invalid weight_decay value: -1");
  EXPECT_EQ(error_of([&] { AdamW({p}, AdamWOptions(-1)); }), "Invalid learning rate: -1");
  EXPECT_EQ(error_of([&] {
              AdamW({p}, AdamWOptions().betas({2.0, 0.9}));
            }),
            "Invalid beta parameter at index 0: 2");

  const auto adagrad = [&](const AdagradOptions& o) { return error_of([&] { Adagrad({p}, o); }); };
  EXPECT_EQ(adagrad(AdagradOptions(-1)), "Invalid learning rate: -1");
  EXPECT_EQ(adagrad(AdagradOptions().lr_decay(-1)), "Invalid lr_decay value: -1");
  EXPECT_EQ(adagrad(AdagradOptions().weight_decay(-1)), "Invalid weight_decay value: -1");
  EXPECT_EQ(adagrad(AdagradOptions().initial_accumulator_value(-1)),
            "Invalid initial_accumulator_value value: -1");
  EXPECT_EQ(adagrad(AdagradOptions().eps(-1)), "Invalid epsilon value: -1");

  const auto rmsprop = [&](const RMSpropOptions& o) { return error_of([&] { RMSprop({p}, o); }); };
  EXPECT_EQ(rmsprop(RMSpropOptions(-1)), "Invalid learning rate: -1");
  EXPECT_EQ(rmsprop(RMSpropOptions().eps(-1)), "Invalid epsilon value: -1");
  EXPECT_EQ(rmsprop(RMSpropOptions().momentum(-1)), "Invalid momentum value: -1");
  EXPECT_EQ(rmsprop(RMSpropOptions().weight_decay(-1)), "Invalid weight_decay value: -1");
  EXPECT_EQ(rmsprop(RMSpropOptions().alpha(-1)), "Invalid alpha value: -1");

  EXPECT_EQ(error_of([&] { LBFGS({p}, LBFGSOptions().history_size(0)); }),
            "Invalid history_size value: 0");
  // libtorch looks at this one when it needs it.
  LBFGS lbfgs({p}, LBFGSOptions().line_search_fn("armijo"));
  EXPECT_EQ(error_of([&] { lbfgs.step([&] { return p.sum(); }); }),
            "only 'strong_wolfe' is supported");
  EXPECT_EQ(error_of([&] { SGD({p}, SGDOptions(std::nan(""))); }).substr(0, 23),
            "Invalid learning rate: ");
}

TEST(Optimizer, RefusesParametersItCannotOptimize) {
  const Tensor p = parameter();
  const Tensor q = parameter();
  EXPECT_EQ(error_of([&] { SGD({p, p * 2}, 0.1); }), "can't optimize a non-leaf Tensor");
  EXPECT_EQ(error_of([&] { SGD({p * 2}, -0.1); }), "can't optimize a non-leaf Tensor");
  EXPECT_EQ(error_of([&] { SGD({p, Tensor()}, 0.1); }), "can't optimize an undefined Tensor");
  SGD optimizer({p}, SGDOptions(0.1).momentum(0.5));
  p.mutable_grad() = ones({2}, kDouble);
  optimizer.step();
  EXPECT_EQ(error_of([&] {
              optimizer.add_param_group(OptimizerParamGroup({q, p}));
            }),
            "some parameters appear in more than one parameter group");
  EXPECT_EQ(error_of([&] { optimizer.add_parameters({q * 2}); }),
            "can't optimize a non-leaf Tensor");
  EXPECT_EQ(optimizer.size(), 1u);
  optimizer.add_parameters({q});
  EXPECT_EQ(optimizer.size(), 2u);
  EXPECT_EQ(optimizer.parameters().size(), 2u);
  EXPECT_EQ(error_of([&] { OptimizerParamGroup({p}).options(); }).substr(0, 53),
            "Expected has_options() to be true, but got false. (Th");
}

// What libtorch lets pass: tied weights stand twice among a model's parameters, a group ascends by
// a negative rate, and groups may come later.
TEST(Optimizer, TakesWhatLibtorchTakes) {
  const Tensor p = parameter();
  p.mutable_grad() = ones({2}, kDouble);
  SGD twice({p, p}, 0.25);
  twice.step();
  EXPECT_EQ(first(p), 0.5);
  Adam adam({p, p});
  adam.step();
  EXPECT_EQ(static_cast<AdamParamState&>(*adam.state().begin()->second).step(), 2);

  SGD empty(std::vector<Tensor>{}, 0.25);
  empty.step();
  empty.zero_grad();
  EXPECT_EQ(empty.size(), 0u);
  const Tensor q = parameter();
  q.mutable_grad() = ones({2}, kDouble);
  empty.add_param_group(OptimizerParamGroup({q}, std::make_unique<SGDOptions>(-1)));
  empty.step();
  EXPECT_EQ(first(q), 2);
}

TEST(Optimizer, StateIsFoundUnderTheTextOfThePointerToo) {
  const Tensor p = parameter();
  p.mutable_grad() = ones({2}, kDouble);
  Adam adam({p});
  std::ostringstream text;
  text << p.unsafeGetTensorImpl();
  EXPECT_EQ(adam.state().count(text.str()), 0u);
  adam.step();
  EXPECT_EQ(adam.state().count(text.str()), 1u);
  EXPECT_EQ(adam.state().count("nonsense"), 0u);
  EXPECT_EQ(adam.state()[text.str()], adam.state().at(p.unsafeGetTensorImpl()));
  EXPECT_EQ(adam.state().find(text.str()), adam.state().begin());
  EXPECT_EQ(adam.state().erase(text.str()), 1u);
  EXPECT_TRUE(adam.state().empty());
}

// Adagrad's states are there from the beginning; one for a group that comes later is made when it
// is needed.
TEST(Optimizer, AdagradBeginsWithItsAccumulators) {
  const Tensor p = parameter();
  const Tensor q = parameter();
  Adagrad optimizer({p}, AdagradOptions(0.5).initial_accumulator_value(4));
  const auto& state =
      static_cast<AdagradParamState&>(*optimizer.state().at(p.unsafeGetTensorImpl()));
  EXPECT_EQ(first(state.sum()), 4);
  EXPECT_EQ(state.step(), 0);
  EXPECT_EQ(error_of([&] { optimizer.add_param_group(OptimizerParamGroup({p})); }),
            "some parameters appear in more than one parameter group");
  optimizer.add_param_group(OptimizerParamGroup({q}));
  q.mutable_grad() = full({2}, std::sqrt(12.0), kDouble);
  optimizer.step();
  EXPECT_NEAR(first(q), 1 - 0.5 * std::sqrt(12.0) / 4, 1e-9);
  EXPECT_EQ(first(p), 1);
}

// Module::to changes parameters under the optimizer: its states follow.
TEST(Optimizer, StatesFollowTheParametersDtype) {
  const Tensor p = ones({3}).requires_grad_();
  p.mutable_grad() = full({3}, 0.5);
  SGD sgd({p}, SGDOptions(0.1).momentum(0.9));
  Adam adam({p}, AdamOptions(0.1).amsgrad(true));
  Adagrad adagrad({p}, AdagradOptions(0.1));
  RMSprop rmsprop({p}, RMSpropOptions(0.1).momentum(0.9).centered(true));
  const auto all = [&] {
    for (Optimizer* o : std::initializer_list<Optimizer*>{&sgd, &adam, &adagrad, &rmsprop}) {
      o->step();
    }
  };
  all();
  p.set_data(p.detach().to(kDouble));
  p.mutable_grad() = full({3}, 0.5, kDouble);
  all();
  EXPECT_EQ(static_cast<AdamParamState&>(*adam.state().begin()->second).exp_avg().scalar_type(),
            kDouble);
  EXPECT_TRUE(p.isfinite().all().item<bool>());
  p.set_data(zeros({5}, kDouble));
  p.mutable_grad() = zeros({5}, kDouble);
  EXPECT_THAT(error_of([&] { adam.step(); }), HasSubstr("the state's exp_avg is [3]"));
}

TEST(Optimizer, GroupsHaveTheirOwnOptions) {
  const Tensor p = parameter();
  const Tensor q = parameter();
  const Tensor r = parameter();
  std::vector<OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<Tensor>{p});
  groups.emplace_back(std::vector<Tensor>{q}, std::make_unique<SGDOptions>(0.5));
  SGD optimizer(groups, SGDOptions(0.25));
  optimizer.add_param_group(OptimizerParamGroup({r}, std::make_unique<SGDOptions>(1)));
  for (const Tensor& x : {p, q, r}) x.mutable_grad() = ones({2}, kDouble);
  optimizer.step();
  EXPECT_EQ(first(p), 0.75);
  EXPECT_EQ(first(q), 0.5);
  EXPECT_EQ(first(r), 0);
  EXPECT_EQ(optimizer.param_groups().size(), 3u);
  EXPECT_EQ(optimizer.size(), 3u);
  EXPECT_EQ(optimizer.param_groups()[1].options().get_lr(), 0.5);
  // The caller's groups are copied: changing an option here changes nothing there.
  optimizer.param_groups()[1].options().set_lr(0);
  EXPECT_EQ(groups[1].options().get_lr(), 0.5);
  static_cast<SGDOptions&>(optimizer.param_groups()[0].options()).lr(4);
  EXPECT_EQ(static_cast<SGDOptions&>(optimizer.defaults()).lr(), 0.25);
  optimizer.step();
  EXPECT_EQ(first(p), 0.75 - 4);
  EXPECT_EQ(first(q), 0.5);
}

TEST(Optimizer, RefusesAnotherOptimizersOptions) {
  const Tensor p = parameter();
  std::vector<OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<Tensor>{p}, std::make_unique<AdamOptions>());
  SGD optimizer(groups, 0.1);
  EXPECT_THAT(error_of([&] { optimizer.step(); }), HasSubstr("another optimizer's options"));
}

TEST(Optimizer, LeavesParametersWithoutGradientAlone) {
  const Tensor p = parameter();
  const Tensor q = parameter();
  p.mutable_grad() = ones({2}, kDouble);
  const auto check = [&](Optimizer& optimizer) {
    const double before = first(p);
    EXPECT_FALSE(optimizer.step().defined());
    EXPECT_NE(first(p), before);
    EXPECT_EQ(first(q), 1);
    EXPECT_EQ(optimizer.state().count(q.unsafeGetTensorImpl()), 0u);
    EXPECT_FALSE(q.grad().defined());
  };
  SGD sgd({p, q}, SGDOptions(0.1).momentum(0.5).weight_decay(1));
  check(sgd);
  Adam adam({p, q}, AdamOptions().weight_decay(1));
  check(adam);
  RMSprop rmsprop({p, q}, RMSpropOptions().weight_decay(1));
  check(rmsprop);
  AdamW adamw({p, q});
  check(adamw);
  EXPECT_EQ(adamw.state().size(), 1u);
  EXPECT_EQ(static_cast<AdamWParamState&>(*adamw.state().at(p.unsafeGetTensorImpl())).step(), 1);
}

TEST(Optimizer, EvaluatesTheClosureWithGradientsRecorded) {
  const Tensor p = parameter(3);
  SGD optimizer({p}, 0.25);
  const NoGradGuard no_grad;
  const Tensor loss = optimizer.step([&] {
    EXPECT_TRUE(GradMode::is_enabled());
    optimizer.zero_grad();
    Tensor l = (p * p).sum();
    l.backward();
    return l;
  });
  EXPECT_FALSE(GradMode::is_enabled());
  EXPECT_EQ(loss.item<double>(), 18);
  EXPECT_EQ(first(p), 3 - 0.25 * 6);
}

TEST(Optimizer, StepsAreNotRecordedButCounted) {
  const Tensor p = parameter();
  const Tensor loss = (p * p).sum();
  p.mutable_grad() = ones({2}, kDouble);
  SGD optimizer({p}, 0.1);
  optimizer.step();
  EXPECT_TRUE(p.is_leaf());
  EXPECT_TRUE(p.requires_grad());
  EXPECT_FALSE(p.grad().requires_grad());
  EXPECT_THAT(error_of([&] { loss.backward(); }), HasSubstr("modified by an inplace operation"));
}

TEST(Optimizer, ZeroGradFillsOrLetsGo) {
  const Tensor p = parameter(3);
  const Tensor q = parameter();
  Adam optimizer({p, q});
  (p * p * p).sum().backward({}, true, /*create_graph=*/true);
  const Tensor grad = p.grad();
  ASSERT_TRUE(grad.requires_grad());
  optimizer.zero_grad();
  EXPECT_EQ(first(p.grad()), 0);
  EXPECT_FALSE(p.grad().requires_grad());
  EXPECT_FALSE(q.grad().defined());
  optimizer.zero_grad(/*set_to_none=*/true);
  EXPECT_FALSE(p.grad().defined());
}

// As accumulation over small batches does: the tensor stays, its elements change.
TEST(Optimizer, ZeroGradKeepsTheTensor) {
  const Tensor p = parameter();
  p.mutable_grad() = ones({2}, kDouble);
  const Tensor grad = p.grad();
  SGD optimizer({p}, 0.1);
  optimizer.zero_grad();
  EXPECT_TRUE(p.grad().is_same(grad));
  EXPECT_EQ(first(grad), 0);
}

TEST(Optimizer, WorksOnStridedParametersAndGradients) {
  const Tensor storage = arange(12, kDouble).reshape({3, 4});
  const Tensor plain = storage.t().clone().requires_grad_();
  const Tensor strided = storage.t().detach().requires_grad_();
  ASSERT_FALSE(strided.is_contiguous());
  const Tensor grad = arange(12, kDouble).reshape({3, 4}).t();
  plain.mutable_grad() = grad.contiguous();
  strided.mutable_grad() = grad;
  Adam a({plain}, AdamOptions(0.1).amsgrad(true));
  Adam b({strided}, AdamOptions(0.1).amsgrad(true));
  SGD c({plain}, SGDOptions(0.1).momentum(0.9));
  SGD d({strided}, SGDOptions(0.1).momentum(0.9));
  for (Optimizer* optimizer : std::initializer_list<Optimizer*>{&a, &b, &c, &d, &a, &b, &c, &d}) {
    optimizer->step();
  }
  EXPECT_TRUE(equal(plain, strided));
  EXPECT_FALSE(equal(plain, arange(12, kDouble).reshape({3, 4}).t()));
}

TEST(Optimizer, RefusesGradientsOfAnotherShape) {
  const Tensor p = zeros({2, 3}).requires_grad_();
  p.mutable_grad() = zeros({2, 3});
  Adam optimizer({p});
  p.mutable_grad() = zeros({3, 2}, kDouble);
  EXPECT_THAT(error_of([&] { optimizer.step(); }),
              HasSubstr("a parameter is Float[2, 3], but its gradient Double[3, 2]"));
}

TEST(Optimizer, TakesEmptyParameters) {
  const Tensor p = zeros({0, 3}).requires_grad_();
  p.mutable_grad() = zeros({0, 3});
  Adam adam({p});
  adam.step();
  SGD sgd({p}, SGDOptions(0.1).momentum(0.9));
  sgd.step();
  EXPECT_EQ(adam.state().size(), 1u);
}

TEST(Optimizer, CanBeMoved) {
  const Tensor p = parameter();
  p.mutable_grad() = ones({2}, kDouble);
  SGD one({p}, SGDOptions(0.5).momentum(0.5));
  one.step();
  SGD other = std::move(one);
  other.step();
  EXPECT_EQ(first(p), 1 - 0.5 - 0.5 * 1.5);
}

// An optimizer of a user's own, with a state of its own.
struct SignOptions : public OptimizerCloneableOptions<SignOptions> {
  TAPER_ARG(double, lr) = 0.125;

 public:
  void visit(FieldVisitor& visitor) override { visitor.field("lr", lr_); }
};
struct SignState : public OptimizerCloneableParamState<SignState> {
  TAPER_ARG(int64_t, steps) = 0;
};
class SignDescent : public Optimizer {
 public:
  explicit SignDescent(std::vector<Tensor> params)
      : Optimizer(std::move(params), std::make_unique<SignOptions>()) {}
  Tensor step(LossClosure closure = nullptr) override {
    const Tensor loss = evaluate(closure);
    const NoGradGuard no_grad;
    for (OptimizerParamGroup& group : param_groups_) {
      for (Tensor p : group.params()) {
        auto& state = state_of<SignState>(p);
        state.steps(state.steps() + 1);
        p.sub_(p.grad().sign(), options_of<SignOptions>(group).lr());
      }
    }
    return loss;
  }
};

TEST(Optimizer, CanBeDerivedFrom) {
  const Tensor p = parameter();
  SignDescent optimizer({p});
  p.mutable_grad() = full({2}, -7.0, kDouble);
  optimizer.step();
  optimizer.step();
  EXPECT_EQ(first(p), 1.25);
  EXPECT_THAT(error_of([&] { optimizer.state_dict(); }), HasSubstr("cannot be saved"));
  EXPECT_EQ(error_of([&] { optimizer.param_groups()[0].options().get_lr(); }),
            "double get_lr() has not been overidden and implemented in subclass of "
            "torch::optim::OptimizerOptions, you must override it in your subclass.");
  struct Bare : public OptimizerOptions {};
  EXPECT_THAT(error_of([&] { Bare().clone(); }),
              HasSubstr("clone() has not been implemented for torch::optim::OptimizerOptions. "
                        "Subclass torch::optim::OptimizerCloneableOptions<YourOptimizerOptions>"));
}

}  // namespace
}  // namespace taper::optim
