// Backward passes: accumulation, retained and second-order graphs, restricted passes, long chains,
// threads.

#include <cmath>
#include <thread>
#include <vector>

#include "autograd/testing.h"

namespace taper {
namespace {

TEST(Engine, GradientsOfAProduct) {
  Tensor a = leaf({2, 3});
  Tensor b = leaf({5, 7});
  (a * b).sum().backward();
  EXPECT_EQ(values(a.grad()), values(b));
  EXPECT_EQ(values(b.grad()), values(a));
}

TEST(Engine, GradientsAccumulateOverPasses) {
  Tensor x = leaf({1, 2});
  (x * 3).sum().backward();
  (x * 4).sum().backward();
  EXPECT_EQ(values(x.grad()), (std::vector<double>{7, 7}));
}

TEST(Engine, OneTensorUsedManyTimes) {
  Tensor x = leaf({3});
  Tensor y = x * x;      // x^2
  Tensor z = y * y + y;  // x^4 + x^2
  z.backward();
  EXPECT_EQ(values(x.grad()), (std::vector<double>{4 * 27 + 6}));
}

TEST(Engine, GradientArgumentWeightsTheOutputs) {
  Tensor x = leaf({1, 2});
  (x * x).backward(tensor({1.0, 10.0}, kFloat64));
  EXPECT_EQ(values(x.grad()), (std::vector<double>{2, 40}));
}

TEST(Engine, GradFnHasPyTorchsNames) {
  Tensor x = leaf({1, 2});
  EXPECT_EQ(x.grad_fn(), nullptr);
  EXPECT_TRUE(x.is_leaf());
  Tensor y = x.tanh();
  EXPECT_EQ(y.grad_fn()->name(), "TanhBackward0");
  EXPECT_FALSE(y.is_leaf());
  EXPECT_EQ(y.grad_fn()->next_edge(0).function->name(), "AccumulateGrad");
  EXPECT_EQ((x + x).grad_fn()->name(), "AddBackward0");
  EXPECT_EQ(x.view({2, 1}).grad_fn()->name(), "ViewBackward0");
}

TEST(Engine, SecondBackwardNeedsARetainedGraph) {
  Tensor x = leaf({2});
  Tensor y = (x * x).sum();
  y.backward({}, true);
  y.backward();
  EXPECT_EQ(values(x.grad()), (std::vector<double>{8}));
  EXPECT_ERROR(y.backward(), "Trying to backward through the graph a second time");
  // What saved nothing may run any number of times.
  Tensor s = (x + 1).sum();
  s.backward();
  EXPECT_NO_THROW(s.backward());
}

TEST(Engine, DerivativesOfAnyOrder) {
  Tensor x = leaf({0.7});
  Tensor y = x.sin();
  // sin, cos, -sin, -cos, sin, ...
  std::vector<double> expected = {std::cos(0.7), -std::sin(0.7), -std::cos(0.7), std::sin(0.7),
                                  std::cos(0.7)};
  for (double value : expected) {
    y = autograd::grad({y.sum()}, {x}, {}, std::nullopt, /*create_graph=*/true)[0];
    EXPECT_NEAR(y.item<double>(), value, 1e-14);
    EXPECT_TRUE(y.requires_grad());
  }
}

TEST(Engine, CreateGraphThroughBackward) {
  Tensor x = leaf({2});
  (x * x * x).sum().backward({}, std::nullopt, true);
  Tensor first = x.grad();  // 3 x^2
  EXPECT_TRUE(first.requires_grad());
  x.mutable_grad() = Tensor();
  first.sum().backward();
  EXPECT_EQ(values(x.grad()), (std::vector<double>{12}));
  x.mutable_grad() = Tensor();  // the gradient holds the graph that holds the leaf
}

TEST(Engine, GradTouchesNoLeaf) {
  Tensor x = leaf({2});
  Tensor w = leaf({3});
  Tensor y = (x * w).sum();
  std::vector<Tensor> g = autograd::grad({y}, {x});
  EXPECT_EQ(values(g[0]), (std::vector<double>{3}));
  EXPECT_FALSE(x.grad().defined());
  EXPECT_FALSE(w.grad().defined());
}

TEST(Engine, GradOfInnerTensors) {
  Tensor x = leaf({2});
  Tensor h = x * 3;
  Tensor y = (h * h).sum();
  std::vector<Tensor> g = autograd::grad({y}, {h, x});
  EXPECT_EQ(values(g[0]), (std::vector<double>{12}));
  EXPECT_EQ(values(g[1]), (std::vector<double>{36}));
}

TEST(Engine, UnusedInputs) {
  Tensor x = leaf({2});
  Tensor unused = leaf({1});
  EXPECT_ERROR(autograd::grad({(x * x).sum()}, {x, unused}),
               "One of the differentiated Tensors appears to not have been used in the graph");
  std::vector<Tensor> g =
      autograd::grad({(x * x).sum()}, {x, unused}, {}, std::nullopt, false, /*allow_unused=*/true);
  EXPECT_FALSE(g[1].defined());
}

TEST(Engine, BackwardIntoChosenInputs) {
  Tensor x = leaf({2});
  Tensor w = leaf({3});
  std::vector<Tensor> inputs = {w};
  (x * w).sum().backward({}, std::nullopt, false, TensorList(inputs));
  EXPECT_FALSE(x.grad().defined());
  EXPECT_EQ(values(w.grad()), (std::vector<double>{2}));
}

TEST(Engine, SeveralRoots) {
  Tensor x = leaf({2});
  Tensor h = x * x;
  autograd::backward({(h * 2).sum(), (h * 3).sum()});
  EXPECT_EQ(values(x.grad()), (std::vector<double>{20}));
}

TEST(Engine, BroadcastAndCastAreUndone) {
  Tensor row = leaf({1, 2, 3});
  Tensor single = ones({2, 1}, dtype(kFloat32).requires_grad(true));
  Tensor y = row * single;
  EXPECT_EQ(y.dtype(), kFloat64);
  y.sum().backward();
  EXPECT_EQ(values(row.grad()), (std::vector<double>{2, 2, 2}));
  EXPECT_EQ(single.grad().dtype(), kFloat32);
  EXPECT_EQ(single.grad().sizes(), IntArrayRef({2, 1}));
  EXPECT_EQ(values(single.grad()), (std::vector<double>{6, 6}));
}

TEST(Engine, Misuse) {
  Tensor x = leaf({1, 2});
  Tensor plain = ones({1}, kFloat64);
  EXPECT_ERROR(x.backward(), "grad can be implicitly created only for scalar outputs");
  EXPECT_ERROR(plain.backward(),
               "element 0 of tensors does not require grad and does not have a grad_fn");
  EXPECT_ERROR(
      (x * 2).backward(ones({3}, kFloat64)),
      "Mismatch in shape: grad_output[0] has a shape of [3] and output[0] has a shape of [2]");
  EXPECT_ERROR(ones({2}, kInt64).requires_grad_(),
               "Only Tensors of floating point and complex dtype can require gradients");
  EXPECT_ERROR((x * 2).set_requires_grad(false),
               "you can only change requires_grad flags of leaf variables");
  EXPECT_ERROR(autograd::grad({x.sum()}, {plain}),
               "One of the differentiated Tensors does not require grad");
  EXPECT_FALSE(Tensor().requires_grad());
}

TEST(Engine, AViewOfAChangedBaseCanBeLookedAtInInferenceMode) {
  const Tensor y = leaf({2, 2}) * 2;
  const Tensor view = y[0];
  y.mul_(3);
  {
    InferenceMode inference;
    EXPECT_FALSE(view.is_leaf());
    EXPECT_NE(view.grad_fn(), nullptr);
  }
  EXPECT_TRUE(GradMode::is_enabled());
}

TEST(Engine, NoGradGuardAndDetach) {
  Tensor x = leaf({2});
  {
    NoGradGuard guard;
    EXPECT_FALSE((x * 2).requires_grad());
    {
      AutoGradMode on(true);
      EXPECT_TRUE((x * 2).requires_grad());
    }
  }
  EXPECT_TRUE((x * 2).requires_grad());
  Tensor h = x * 2;
  EXPECT_FALSE(h.detach().requires_grad());
  h.detach_();
  EXPECT_TRUE(h.is_leaf());
  EXPECT_FALSE(h.requires_grad());
}

TEST(Engine, ALongChainNeitherRecursesInBackwardNorWhenItDies) {
  const int steps = 1000000;
  Tensor x = ones({1}, dtype(kFloat32).requires_grad(true));
  Tensor y = x;
  for (int i = 0; i < steps; ++i) y = y + 1;
  y.backward();
  EXPECT_EQ(x.grad().item<float>(), 1.0F);
  Tensor z = x;
  for (int i = 0; i < steps; ++i) z = z.neg();  // dies without a backward
  z = Tensor();
  // A chain that keeps its intermediate values.
  Tensor w = x;
  for (int i = 0; i < steps / 10; ++i) w = w.tanh();
  w.backward();
}

TEST(Engine, AFreedGraphFreesItsTensors) {
  Tensor x = ones({1000}, requires_grad());
  int64_t before = memory_stats().allocated_bytes;
  {
    Tensor y = x.tanh().exp().sin();
    y.sum().backward();
    x.mutable_grad() = Tensor();
  }
  EXPECT_EQ(memory_stats().allocated_bytes, before);
}

TEST(Engine, SlicesOfOneTensorShareOneGradient) {
  Tensor x = randn({50, 4}, dtype(kFloat64).requires_grad(true));
  Tensor sum = zeros({4}, kFloat64);
  for (int64_t i = 0; i < 50; ++i) sum = sum + x[i] * static_cast<double>(i);
  sum.sum().backward();
  for (int64_t i = 0; i < 50; ++i)
    EXPECT_EQ(values(x.grad()[i]), std::vector<double>(4, static_cast<double>(i)));
}

TEST(Engine, ThreadsWithSharedParameters) {
  Tensor weight = randn({8, 8}, dtype(kFloat64).requires_grad(true));
  auto work = [&weight] {
    for (int i = 0; i < 50; ++i) {
      Tensor x = ones({4, 8}, kFloat64);
      x.mm(weight.t()).sum().backward();
    }
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(values(weight.grad()), std::vector<double>(64, 4 * 4 * 50));
}

// Threads that make and drop graphs on one leaf all the time: each graph finds or makes the node
// that collects its gradient while others let go of it.
TEST(Engine, ThreadsMakeAndDropGraphsOnOneLeaf) {
  Tensor x = leaf({1});
  auto work = [&x] {
    for (int i = 0; i < 2000; ++i) Tensor y = x * 2.0;
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  (x * 3).sum().backward();
  EXPECT_EQ(values(x.grad()), (std::vector<double>{3}));
}

TEST(Engine, GradModeBelongsToTheThread) {
  NoGradGuard guard;
  bool enabled = false;
  std::thread([&] { enabled = GradMode::is_enabled(); }).join();
  EXPECT_TRUE(enabled);
  EXPECT_FALSE(GradMode::is_enabled());
}

TEST(Engine, GraphsMayCrossThreads) {
  Tensor x = leaf({3});
  Tensor y;
  std::thread([&] { y = x * x; }).join();
  Tensor z = y.sum();
  std::thread([&] { z.backward(); }).join();
  EXPECT_EQ(values(x.grad()), (std::vector<double>{6}));
}

}  // namespace
}  // namespace taper
