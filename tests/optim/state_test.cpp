#include <cstring>
#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "io/files.h"
#include "optim/problems.h"
#include "taper/autograd/ops.h"
#include "taper/io/safetensors.h"
#include "taper/optim/optim.h"
#include "taper/tensor/error.h"

namespace taper::optim {
namespace {

using io::testing::TempFolder;
using testing::Bowl;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Rosenbrock;

std::string load_error(Optimizer& optimizer, const io::TensorDict& dict) {
  try {
    optimizer.load_state_dict(dict);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

// Seven steps, a save, and seven more in another process's clothes: the same bits as fourteen.
template <class Optim, class Options, class T>
void expect_to_go_on(const Options& options) {
  const TempFolder folder;
  const std::string path = folder / "optimizer.safetensors";
  Bowl<T> whole;
  Optim uninterrupted(whole.parameters(), options);
  Bowl<T> second;
  for (int t = 1; t <= 14; ++t) {
    whole.set_gradients(t);
    uninterrupted.step();
    if (t != 7) continue;
    save(uninterrupted, path);
    second.a.detach().copy_(whole.a.detach());
    second.b.detach().copy_(whole.b.detach());
  }
  // Other options, which the load replaces.
  Optim restored(second.parameters(), Options(0.77));
  load(restored, path);
  for (int t = 8; t <= 14; ++t) {
    second.set_gradients(t);
    restored.step();
  }
  EXPECT_EQ(second.values(), whole.values());
  EXPECT_TRUE(static_cast<Options&>(restored.param_groups()[0].options()) == options);
}

TEST(OptimizerState, GoesOnWithTheSameBits) {
  expect_to_go_on<SGD, SGDOptions, double>(SGDOptions(0.1));
  expect_to_go_on<SGD, SGDOptions, float>(
      SGDOptions(0.1).momentum(0.9).weight_decay(0.1).nesterov(true));
  expect_to_go_on<SGD, SGDOptions, double>(SGDOptions(0.1).momentum(0.9).dampening(0.5));
  expect_to_go_on<Adam, AdamOptions, float>(AdamOptions(0.03));
  expect_to_go_on<Adam, AdamOptions, double>(
      AdamOptions(0.03).betas({0.7, 0.8}).eps(1e-3).weight_decay(0.1).amsgrad(true));
  expect_to_go_on<AdamW, AdamWOptions, float>(AdamWOptions(0.03).amsgrad(true));
  expect_to_go_on<AdamW, AdamWOptions, double>(AdamWOptions(0.03));
  expect_to_go_on<Adagrad, AdagradOptions, float>(
      AdagradOptions(0.1).lr_decay(0.1).weight_decay(0.1).initial_accumulator_value(0.5));
  expect_to_go_on<RMSprop, RMSpropOptions, double>(RMSpropOptions(0.03));
  expect_to_go_on<RMSprop, RMSpropOptions, float>(
      RMSpropOptions(0.03).alpha(0.9).eps(1e-3).weight_decay(0.1).momentum(0.5).centered(true));
}

void expect_lbfgs_to_go_on(const LBFGSOptions& options) {
  const TempFolder folder;
  const std::string path = folder / "optimizer.safetensors";
  Rosenbrock whole({-1.2, 1.0, 0.3});
  LBFGS uninterrupted({whole.x}, options);
  const auto step = [](LBFGS& optimizer, Rosenbrock& problem) {
    optimizer.step([&] { return problem.evaluate(); });
  };
  for (int i = 0; i < 3; ++i) step(uninterrupted, whole);
  save(uninterrupted, path, {{"epoch", "3"}});
  Rosenbrock second(
      std::vector<double>(whole.x.data_ptr<double>(), whole.x.data_ptr<double>() + 3));
  whole.losses.clear();
  LBFGS restored({second.x});
  load(restored, path);
  for (int i = 0; i < 3; ++i) {
    step(uninterrupted, whole);
    step(restored, second);
  }
  ASSERT_GT(whole.losses.size(), 5u);
  EXPECT_EQ(second.losses, whole.losses);
  EXPECT_TRUE(equal(second.x, whole.x));
  EXPECT_EQ(io::load_safetensors(path).metadata.at("epoch"), "3");
  auto& loaded = static_cast<LBFGSOptions&>(restored.param_groups()[0].options());
  EXPECT_EQ(loaded.line_search_fn(), options.line_search_fn());
  EXPECT_EQ(loaded.history_size(), options.history_size());
}

TEST(OptimizerState, OfLbfgsGoesOnWithTheSameBits) {
  expect_lbfgs_to_go_on(LBFGSOptions(0.05).max_iter(4).history_size(7));
  expect_lbfgs_to_go_on(LBFGSOptions(1).max_iter(4).history_size(3).line_search_fn("strong_wolfe"));
}

TEST(OptimizerState, IsKeyedByThePositionOfTheParameter) {
  const Tensor p = ones({2}).requires_grad_();
  const Tensor q = ones({3}).requires_grad_();
  const Tensor r = ones({1}).requires_grad_();
  std::vector<OptimizerParamGroup> groups = {std::vector<Tensor>{p, q}, std::vector<Tensor>{r}};
  SGD optimizer(groups, SGDOptions(0.5).momentum(0.25));
  q.mutable_grad() = ones({3});
  r.mutable_grad() = ones({1});
  optimizer.step();
  const io::TensorDict dict = optimizer.state_dict();
  std::vector<std::string> names;
  for (const auto& [name, tensor] : dict.tensors) names.push_back(name);
  EXPECT_THAT(names,
              ElementsAre("state.1.momentum_buffer", "param_groups.0.params", "param_groups.0.lr",
                          "param_groups.0.momentum", "param_groups.0.dampening",
                          "param_groups.0.weight_decay", "param_groups.0.nesterov",
                          "state.2.momentum_buffer", "param_groups.1.params", "param_groups.1.lr",
                          "param_groups.1.momentum", "param_groups.1.dampening",
                          "param_groups.1.weight_decay", "param_groups.1.nesterov"));
  EXPECT_TRUE(equal(*dict.find("param_groups.0.params"), tensor({0, 1})));
  EXPECT_TRUE(equal(*dict.find("param_groups.1.params"), tensor({2})));
  EXPECT_EQ(dict.find("param_groups.0.lr")->item<double>(), 0.5);
  EXPECT_EQ(dict.metadata.at("optimizer"), "SGD");
}

TEST(OptimizerState, ComparesByValue) {
  const auto after = [](int steps) {
    Bowl<double> bowl;
    RMSprop optimizer({bowl.a}, RMSpropOptions(0.1).centered(true));
    for (int t = 1; t <= steps; ++t) {
      bowl.set_gradients(t);
      optimizer.step();
    }
    return static_cast<RMSpropParamState&>(*optimizer.state().begin()->second);
  };
  EXPECT_TRUE(after(2) == after(2));
  EXPECT_FALSE(after(2) == after(3));
  EXPECT_FALSE(after(2) == RMSpropParamState());
  EXPECT_TRUE(AdamParamState().exp_avg(ones({2})) == AdamParamState().exp_avg(ones({2})));
  EXPECT_FALSE(SGDParamState().momentum_buffer(ones({2})) == SGDParamState());
  EXPECT_FALSE(AdagradParamState().step(1) == AdagradParamState());
  EXPECT_TRUE(LBFGSParamState().old_dirs({ones({2})}) == LBFGSParamState().old_dirs({ones({2})}));
  EXPECT_FALSE(LBFGSParamState().old_dirs({ones({2})}) == LBFGSParamState());
}

TEST(OptimizerState, LoadedIsACopy) {
  Bowl<double> bowl;
  SGD optimizer(bowl.parameters(), SGDOptions(0.1).momentum(0.9));
  bowl.set_gradients(1);
  optimizer.step();
  const io::TensorDict dict = optimizer.state_dict();
  Bowl<double> other;
  SGD restored(other.parameters(), 0.1);
  restored.load_state_dict(dict);
  const Tensor before = dict.find("state.0.momentum_buffer")->clone();
  other.set_gradients(2);
  restored.step();
  EXPECT_TRUE(equal(*dict.find("state.0.momentum_buffer"), before));
}

TEST(OptimizerState, TakesTheParametersDtype) {
  Bowl<double> doubles;
  Adam optimizer(doubles.parameters());
  doubles.set_gradients(1);
  optimizer.step();
  Bowl<float> floats;
  Adam restored(floats.parameters());
  restored.load_state_dict(optimizer.state_dict());
  floats.set_gradients(2);
  restored.step();
  const auto& state =
      static_cast<AdamParamState&>(*restored.state().at(floats.a.unsafeGetTensorImpl()));
  EXPECT_EQ(state.exp_avg().scalar_type(), kFloat);
  EXPECT_EQ(state.step(), 2);
}

TEST(OptimizerState, OfAnotherKindIsRefusedAndNothingChanges) {
  Bowl<double> bowl;
  Adam adam(bowl.parameters(), AdamOptions(0.1));
  bowl.set_gradients(1);
  adam.step();
  const io::TensorDict good = adam.state_dict();
  ASSERT_EQ(load_error(adam, good), "");

  const auto changed = [&](const auto& change) {
    io::TensorDict dict = good;
    change(dict);
    return load_error(adam, dict);
  };
  const auto erase = [&](const std::string& key) {
    return changed([&](io::TensorDict& dict) {
      std::erase_if(dict.tensors, [&](const auto& entry) { return entry.first == key; });
    });
  };
  const auto replace = [&](const std::string& key, const Tensor& value) {
    return changed([&](io::TensorDict& dict) {
      for (auto& [name, tensor] : dict.tensors) {
        if (name == key) tensor = value;
      }
    });
  };
  EXPECT_THAT(changed([](auto& d) { d.metadata.clear(); }), HasSubstr("not an optimizer's"));
  EXPECT_THAT(changed([](auto& d) { d.metadata["optimizer"] = "AdamW"; }),
              HasSubstr("the state dict is one of AdamW"));
  EXPECT_THAT(erase("param_groups.0.params"),
              HasSubstr("loaded state dict has a different number of parameter groups"));
  EXPECT_THAT(replace("param_groups.0.params", tensor({0})),
              HasSubstr("loaded state dict contains a parameter group that doesn't match the size "
                        "of optimizer's group"));
  EXPECT_THAT(erase("param_groups.0.eps"), HasSubstr("lacks \"param_groups.0.eps\""));
  EXPECT_THAT(replace("param_groups.0.eps", tensor({1.0}, kDouble)),
              HasSubstr("expected a single Double, got Double[1]"));
  EXPECT_THAT(replace("param_groups.0.eps", tensor(1)), HasSubstr("expected a single Double"));
  EXPECT_THAT(replace("param_groups.0.lr", tensor(-1.0, kDouble)),
              HasSubstr("Invalid learning rate: -1"));
  EXPECT_THAT(erase("state.1.exp_avg_sq"), HasSubstr("the state lacks exp_avg or exp_avg_sq"));
  EXPECT_THAT(erase("state.1.step"), HasSubstr("lacks \"state.1.step\""));
  EXPECT_THAT(replace("state.0.exp_avg", zeros({9}, kDouble)),
              HasSubstr("the state's exp_avg is [9], but the parameter [3, 3]"));
  EXPECT_THAT(changed([](auto& d) { d.tensors.emplace_back("state.2.exp_avg", zeros({1})); }),
              HasSubstr("unexpected key(s) in the state dict: \"state.2.exp_avg\""));
  EXPECT_THAT(replace("state.0.exp_avg", Tensor()), HasSubstr("is undefined"));

  SGD sgd(bowl.parameters(), 0.1);
  EXPECT_THAT(load_error(sgd, good), HasSubstr("SGD: the state dict is one of Adam"));

  // None of it left a trace: the next steps are those of one that saw none of it.
  Bowl<double> other;
  Adam untouched(other.parameters(), AdamOptions(0.1));
  other.set_gradients(1);
  untouched.step();
  for (int t = 2; t < 5; ++t) {
    bowl.set_gradients(t);
    adam.step();
    other.set_gradients(t);
    untouched.step();
  }
  EXPECT_EQ(bowl.values(), other.values());
}

TEST(OptimizerState, OfLbfgsIsChecked) {
  Rosenbrock problem({-1.2, 1.0});
  LBFGS optimizer({problem.x}, LBFGSOptions(0.1));
  optimizer.step([&] { return problem.evaluate(); });
  const io::TensorDict good = optimizer.state_dict();
  ASSERT_EQ(load_error(optimizer, good), "");
  for (const char* key : {"state.0.d", "state.0.old_dirs.0", "state.0.ro.0"}) {
    io::TensorDict dict = good;
    for (auto& [name, tensor] : dict.tensors) {
      if (name == key) tensor = zeros({5}, kDouble);
    }
    EXPECT_THAT(load_error(optimizer, dict), HasSubstr(" is [5], expected ["));
    dict = good;
    std::erase_if(dict.tensors, [&](const auto& entry) { return entry.first == key; });
    EXPECT_NE(load_error(optimizer, dict), "") << key;
  }
}

TEST(OptimizerState, FilesThatAreNoneAreRefused) {
  const TempFolder folder;
  Bowl<double> bowl;
  SGD optimizer(bowl.parameters(), 0.1);
  EXPECT_THROW(load(optimizer, folder / "none"), Error);
  io::save_safetensors({{"weight", ones({2})}}, folder / "model.safetensors");
  EXPECT_THROW(load(optimizer, folder / "model.safetensors"), Error);
  EXPECT_THROW(save(optimizer, folder / "x", {{"optimizer", "mine"}}), Error);
  EXPECT_EQ(folder.file_count(), 1);
}

}  // namespace
}  // namespace taper::optim
