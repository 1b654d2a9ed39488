#include "taper/autograd/saved_tensor_hooks.h"

#include <any>
#include <map>
#include <string>
#include <thread>

#include "autograd/testing.h"
#include "taper/autograd/function.h"

namespace taper {
namespace {

using autograd::SavedTensorHooks;

struct Counts {
  int packed = 0;
  int unpacked = 0;
};

// Keeps what it is given, and counts.
SavedTensorHooks counting(Counts& counts) {
  return SavedTensorHooks(
      [&counts](const Tensor& x) {
        ++counts.packed;
        return x;
      },
      [&counts](const Tensor& x) {
        ++counts.unpacked;
        return x;
      });
}

TEST(SavedTensorHooks, PackAtTheSavingAndUnpackAtEachReading) {
  const Tensor a = leaf({2, 3});
  const Tensor b = leaf({5, 7});
  Counts counts;
  Tensor y;
  {
    const SavedTensorHooks hooks = counting(counts);
    y = (a * b).exp();
    EXPECT_EQ(counts.packed, 3);  // a, b, and the result of exp
  }
  EXPECT_EQ(counts.unpacked, 0);
  y.sum().backward();
  EXPECT_EQ(counts.packed, 3);
  EXPECT_GE(counts.unpacked, 3);
  EXPECT_TRUE(allclose(a.grad(), b * (a * b).exp()));
  EXPECT_TRUE(allclose(b.grad(), a * (a * b).exp()));
}

// What is kept decides the gradient: twice the saved value gives twice the derivative.
TEST(SavedTensorHooks, BackwardReadsWhatUnpackGives) {
  const Tensor x = leaf({3});
  const SavedTensorHooks hooks([](const Tensor& t) { return t.item<double>(); },
                               [](double value) { return full({1}, 2 * value, kFloat64); });
  (x * x).backward();
  EXPECT_EQ(values(x.grad()), (std::vector<double>{12}));
}

TEST(SavedTensorHooks, ASavedTensorMayLieSomewhereElse) {
  std::map<std::string, std::vector<double>> store;
  const Tensor x = leaf({1, 2, 3});
  {
    const SavedTensorHooks hooks(
        [&](const Tensor& t) {
          const std::string key = std::to_string(store.size());
          store[key] = values(t);
          return std::any(key);
        },
        [&](const std::any& key) {
          return tensor(store.at(std::any_cast<std::string>(key)), kFloat64);
        });
    (x * x).sum().backward();
  }
  EXPECT_EQ(store.size(), 2U);
  EXPECT_EQ(values(x.grad()), (std::vector<double>{2, 4, 6}));
}

TEST(SavedTensorHooks, GradientsOfGradientsGoThroughThem) {
  Counts counts;
  const SavedTensorHooks hooks = counting(counts);
  const Tensor x = leaf({0.5, 0.7});
  const autograd::GradcheckFunction fn = [](const autograd::variable_list& in) {
    Tensor y = (in[0] * 2).tanh() * in[0].exp();
    y = y * 3;
    y.sigmoid_();
    return autograd::variable_list{y * y};
  };
  EXPECT_TRUE(autograd::gradcheck(fn, {x}));
  EXPECT_TRUE(autograd::gradgradcheck(fn, {x}));
  EXPECT_GT(counts.unpacked, 10);
}

TEST(SavedTensorHooks, AnInPlaceResultIsPackedAsWritten) {
  std::vector<std::vector<double>> seen;
  const SavedTensorHooks hooks(
      [&](const Tensor& t) {
        seen.push_back(values(t));
        return t;
      },
      [](const Tensor& t) { return t; });
  const Tensor x = leaf({0});
  const Tensor y = x + 0;
  y.exp_();
  EXPECT_EQ(seen, (std::vector<std::vector<double>>{{1}}));
  y.backward();
  EXPECT_EQ(values(x.grad()), (std::vector<double>{1}));
}

TEST(SavedTensorHooks, TheInnermostScopeOfTheThreadCounts) {
  Counts outer;
  Counts inner;
  const Tensor x = leaf({2});
  const SavedTensorHooks one = counting(outer);
  {
    const SavedTensorHooks two = counting(inner);
    x.exp();
  }
  x.exp();
  std::thread([&] { x.exp(); }).join();
  EXPECT_EQ(outer.packed, 1);
  EXPECT_EQ(inner.packed, 1);
}

struct Square : autograd::Function<Square> {
  static Tensor forward(autograd::AutogradContext* ctx, const Tensor& x) {
    ctx->save_for_backward({x});
    return x * x;
  }
  static autograd::variable_list backward(autograd::AutogradContext* ctx,
                                          autograd::variable_list grads) {
    return {2 * ctx->get_saved_variables()[0] * grads[0]};
  }
};

TEST(SavedTensorHooks, SeeWhatAUsersFunctionSaves) {
  Counts counts;
  const SavedTensorHooks hooks = counting(counts);
  const Tensor x = leaf({3});
  Square::apply(x).backward();
  EXPECT_EQ(counts.packed, 1);
  EXPECT_EQ(counts.unpacked, 1);
  EXPECT_EQ(values(x.grad()), (std::vector<double>{6}));
}

TEST(SavedTensorHooks, WhatTheHooksComputeIsNeitherRecordedNorPacked) {
  int calls = 0;
  const SavedTensorHooks hooks(
      [&](const Tensor& t) {
        ++calls;
        return (t.clone().requires_grad_() * 2).exp();
      },
      [](const Tensor& t) {
        EXPECT_FALSE(t.requires_grad());
        return t.log() / 2;
      });
  const Tensor x = leaf({3});
  (x * x).backward();
  EXPECT_EQ(calls, 2);
  EXPECT_NEAR(x.grad().item<double>(), 6, 1e-12);
}

TEST(SavedTensorHooks, Misuse) {
  const Tensor x = leaf({3, 4});
  {
    const SavedTensorHooks hooks([](const Tensor& t) { return t.add_(1); },
                                 [](const Tensor& t) { return t; });
    EXPECT_ERROR(x * x, "A saved tensor pack hook is modifying its input in place.");
  }
  {
    const SavedTensorHooks hooks([](const Tensor& t) { return t; },
                                 [](const Tensor& t) { return t.sum(); });
    const Tensor y = (x * x).sum();
    EXPECT_ERROR(y.backward(),
                 "expected to be a Tensor of Double [2] like the saved one, got "
                 "Double []");
  }
  {
    const SavedTensorHooks hooks([](const Tensor& t) { return t; },
                                 [](const Tensor&) { return Tensor(); });
    const Tensor y = (x * x).sum();
    EXPECT_ERROR(y.backward(), "Output of saved tensor unpack_hook expected to be a Tensor");
  }
}

}  // namespace
}  // namespace taper
