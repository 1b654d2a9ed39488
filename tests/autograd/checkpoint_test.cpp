// Checkpoints: the gradients of an ordinary call, in less memory.

#include "taper/autograd/checkpoint.h"

#include <thread>

#include "autograd/testing.h"
#include "taper/autograd/gtest.h"

namespace taper {
namespace {

using autograd::checkpoint;
using autograd::variable_list;
namespace F = nn::functional;

nn::Sequential make_block(int64_t size, double dropout) {
  nn::Sequential block(nn::Linear(size, size), nn::Tanh(), nn::Dropout(dropout),
                       nn::Linear(size, size), nn::Sigmoid());
  block->to(kFloat64);
  return block;
}

std::vector<Tensor> gradients_of(nn::Sequential& net, const Tensor& x) {
  std::vector<Tensor> grads{x.grad().clone()};
  for (const Tensor& p : net->parameters()) grads.push_back(p.grad().clone());
  return grads;
}

void forget_gradients(nn::Sequential& net, const Tensor& x) {
  x.mutable_grad() = Tensor();
  for (const Tensor& p : net->parameters()) p.mutable_grad() = Tensor();
}

void expect_equal(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].defined(), b[i].defined()) << i;
    if (a[i].defined()) {
      EXPECT_TRUE(equal(a[i], b[i])) << i;
    }
  }
}

TEST(Checkpoint, GivesTheSameGradients) {
  nn::Sequential net = make_block(4, 0);
  Tensor x = randn({3, 4}, dtype(kFloat64).requires_grad(true));
  Tensor plain = net->forward(x);
  plain.square().sum().backward();
  std::vector<Tensor> expected = gradients_of(net, x);
  forget_gradients(net, x);
  Tensor y = checkpoint([net](const Tensor& t) mutable { return net->forward(t); }, x);
  EXPECT_TRUE(equal(y, plain));
  y.square().sum().backward();
  expect_equal(gradients_of(net, x), expected);
  // A second backward adds to the parameters' gradients.
  checkpoint(net, x).square().sum().backward();
  for (Tensor& g : expected) g = 2 * g;
  expect_equal(gradients_of(net, x), expected);
}

TEST(Checkpoint, OfWhatOnlyCatchesWhatNeedsGradients) {
  Tensor weight = leaf({2, 3});
  Tensor early = weight * weight;  // neither an input nor a leaf
  Tensor x = tensor({5.0, 7.0}, kFloat64);
  Tensor y = checkpoint([&](const Tensor& t) { return (t * early * weight).exp().log(); }, x);
  EXPECT_TRUE(y.requires_grad());
  EXPECT_TRUE(allclose(autograd::grad({y.sum()}, {weight}, {}, true)[0], 3 * x * weight.square()));
  EXPECT_TRUE(allclose(autograd::grad({y.sum()}, {early}, {}, true)[0], x * weight));
  y.sum().backward();
  EXPECT_TRUE(allclose(weight.grad(), 3 * x * weight.square()));
}

TEST(Checkpoint, DrawsTheSameMaskAgain) {
  nn::Sequential net = make_block(8, 0.5);
  Tensor x = randn({5, 8}, dtype(kFloat64).requires_grad(true));
  manual_seed(11);
  net->forward(x).sum().backward();
  const double next = rand({1}).item<double>();
  std::vector<Tensor> expected = gradients_of(net, x);
  forget_gradients(net, x);

  manual_seed(11);
  Tensor loss = checkpoint(net, x).sum();
  EXPECT_EQ(rand({1}).item<double>(), next);
  const Tensor before = detail::default_cpu_generator().get_state();
  loss.backward();
  EXPECT_TRUE(equal(detail::default_cpu_generator().get_state(), before));
  expect_equal(gradients_of(net, x), expected);
  forget_gradients(net, x);

  // Without it, another mask, and the generator has moved.
  autograd::CheckpointOptions options;
  options.preserve_rng_state = false;
  manual_seed(11);
  checkpoint(net, x, options).sum().backward();
  EXPECT_FALSE(equal(x.grad(), expected[0]));
  EXPECT_NE(rand({1}).item<double>(), next);
}

TEST(Checkpoint, OfLists) {
  Tensor a = leaf({1, 2});
  Tensor b = leaf({3, 4});
  Tensor constant = tensor({2, 2}, kInt64);
  auto both = [](const variable_list& in) {
    return variable_list{(in[0] * in[1]).exp(), in[1].sin() * in[2], in[2] + 1};
  };
  variable_list outputs = checkpoint(both, {a, b, constant});
  ASSERT_EQ(outputs.size(), 3U);
  EXPECT_FALSE(outputs[2].requires_grad());
  // Only the second output is used, then both.
  EXPECT_TRUE(allclose(autograd::grad({outputs[1].sum()}, {b}, {}, true)[0], 2 * b.cos()));
  variable_list grads = autograd::grad({outputs[0].sum(), outputs[1].sum()}, {a, b});
  EXPECT_TRUE(allclose(grads[0], b * (a * b).exp()));
  EXPECT_TRUE(allclose(grads[1], a * (a * b).exp() + 2 * b.cos()));
  // The other mixed forms, and an input that was not given.
  Tensor sum = checkpoint([](const variable_list& in) { return in[0].exp().sum(); }, {a, Tensor()});
  EXPECT_TRUE(allclose(autograd::grad({sum}, {a})[0], a.exp()));
  auto halves = checkpoint([](const Tensor& t) { return t.exp().split(1); }, a);
  EXPECT_TRUE(
      allclose(autograd::grad({halves[1].sum()}, {a})[0], a.exp() * tensor({0.0, 1.0}, kFloat64)));
}

TEST(Checkpoint, MayBeNested) {
  int runs = 0;
  auto inner = [&](const Tensor& t) {
    ++runs;
    return t.tanh().exp();
  };
  auto outer = [&](const Tensor& t) { return checkpoint(inner, checkpoint(inner, t.sin())).cos(); };
  Tensor x = leaf({0.3, -0.7});
  EXPECT_GRADGRADCHECK([&](const Tensor& t) { return checkpoint(outer, t); }, {x});
  runs = 0;
  checkpoint(outer, x).sum().backward();
  EXPECT_TRUE(runs >= 4 && runs <= 6) << runs;
  auto plain = [](const Tensor& t) { return t.tanh().exp(); };
  EXPECT_TRUE(equal(x.grad(), autograd::grad({plain(plain(x.sin())).cos().sum()}, {x})[0]));
}

TEST(Checkpoint, RunsAgainOnce) {
  int runs = 0;
  Tensor x = leaf({1, 2});
  Tensor y = checkpoint(
      [&](const Tensor& t) {
        ++runs;
        return (t * t).exp().tanh() * t;
      },
      x);
  EXPECT_EQ(runs, 1);
  y.sum().backward({}, /*retain_graph=*/true);
  EXPECT_EQ(runs, 2);
  Tensor once = x.grad().clone();
  y.sum().backward();
  EXPECT_TRUE(equal(x.grad(), 2 * once));
  EXPECT_ERROR(y.sum().backward(), "Trying to backward through the graph a second time");
}

TEST(Checkpoint, WithAGraphOfTheGradients) {
  Tensor scale = leaf({0.5, 2});
  auto f = [&](const variable_list& in) {
    return checkpoint([](const variable_list& t) { return (t[0].exp() * t[1]).sin(); }, in);
  };
  EXPECT_GRADGRADCHECK(f, (variable_list{leaf({0.3, -0.7}), scale}));
}

TEST(Checkpoint, WithoutATapeIsACall) {
  Tensor x = leaf({1, 2});
  NoGradGuard no_grad;
  EXPECT_FALSE(checkpoint([](const Tensor& t) { return t.exp(); }, x).requires_grad());
}

TEST(Checkpoint, OfAGradientWithin) {
  Tensor x = leaf({1, 2});
  auto f = [](const Tensor& t) {
    return autograd::grad({t.pow(3).exp().sum()}, {t}, {}, true, true)[0] * t;
  };
  Tensor expected = autograd::grad({f(x).sum()}, {x})[0];
  EXPECT_TRUE(allclose(autograd::grad({checkpoint(f, x.clone()).sum()}, {x})[0], expected));
}

TEST(Checkpoint, KeepsLess) {
  constexpr int kSegments = 8;
  constexpr int64_t kSize = 128;
  constexpr int64_t kBytes = kSize * kSize * 8;
  auto segment = [](const Tensor& t) {
    Tensor y = t;
    for (int i = 0; i < 10; ++i) y = y.tanh();
    return y;
  };
  const auto measure = [&](auto run) {
    Tensor x = randn({kSize, kSize}, dtype(kFloat64).requires_grad(true));
    const int64_t before = memory_stats().allocated_bytes;
    reset_peak_memory_stats();
    Tensor y = x;
    for (int i = 0; i < kSegments; ++i) y = run(y);
    const int64_t kept = memory_stats().allocated_bytes - before;
    y.sum().backward();
    return std::pair(kept, memory_stats().peak_allocated_bytes - before);
  };
  const auto [kept, peak] = measure(segment);
  const auto [kept_checkpointed, peak_checkpointed] =
      measure([&](const Tensor& t) { return checkpoint(segment, t); });
  EXPECT_GE(kept, 10 * kSegments * kBytes);
  // The inputs of the segments, the result, and their random states.
  EXPECT_LT(kept_checkpointed, (kSegments + 2) * kBytes + kSegments * 8192);
  // And one segment at work.
  EXPECT_LT(peak_checkpointed, (kSegments + 2 + 10 + 5) * kBytes);
  EXPECT_GE(peak, 10 * kSegments * kBytes);
}

TEST(Checkpoint, LeavesNothingBehind) {
  Tensor x = leaf({1, 2});
  const int64_t before = memory_stats().allocated_bytes;
  {
    Tensor y = checkpoint([](const Tensor& t) { return t.exp().tanh(); }, x);
    autograd::grad({y.sum()}, {x}, {}, true);
  }
  {
    Tensor y = checkpoint([](const Tensor& t) { return t.exp().tanh(); }, x);
  }
  EXPECT_EQ(memory_stats().allocated_bytes, before);
}

TEST(Checkpoint, OfALongChainIsFreedWithoutRecursion) {
  autograd::CheckpointOptions options;
  options.preserve_rng_state = false;
  Tensor x = leaf({0.5});
  Tensor y = x;
  for (int i = 0; i < 20'000; ++i) {
    y = checkpoint([](const Tensor& t) { return t.cos(); }, y, options);
  }
  Tensor g = autograd::grad({y}, {x}, {}, true)[0];
  EXPECT_TRUE(g.isfinite().all().item<bool>());
  y = Tensor();
}

TEST(Checkpoint, OnSeveralThreads) {
  Tensor x = leaf({1, 2});
  Tensor y = checkpoint([](const Tensor& t) { return t.exp().tanh().sum(); }, x);
  const Tensor expected = autograd::grad({y}, {x}, {}, true)[0];
  std::vector<std::thread> threads;
  std::vector<Tensor> grads(4);
  for (Tensor& g : grads) {
    threads.emplace_back([&] { g = autograd::grad({y}, {x}, {}, true)[0]; });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Tensor& g : grads) EXPECT_TRUE(equal(g, expected));
}

// --- What goes wrong ---

TEST(CheckpointErrors, OfASecondRunThatDiffers) {
  Tensor x = leaf({1, 2});
  int runs = 0;
  Tensor more =
      checkpoint([&](const Tensor& t) { return runs++ == 0 ? t.exp() : t.exp().tanh(); }, x);
  EXPECT_ERROR(more.sum().backward(),
               "A different number of tensors was saved during the original forward and "
               "recomputation.\nNumber of tensors saved during forward: 1\nNumber of tensors saved "
               "during recomputation: 2");
  runs = 0;
  Tensor fewer =
      checkpoint([&](const Tensor& t) { return runs++ == 0 ? t.exp().tanh() : t.exp(); }, x);
  EXPECT_ERROR(fewer.sum().backward(), "A different number of tensors was saved");
  runs = 0;
  Tensor shape =
      checkpoint([&](const Tensor& t) { return (runs++ == 0 ? t : t.repeat({2})).exp(); }, x);
  EXPECT_ERROR(
      shape.sum().backward(),
      "Recomputed values for the following tensors have different metadata than during the "
      "forward pass.\ntensor at position 0:\nsaved metadata: Double [2]\nrecomputed "
      "metadata: Double [4]");
  runs = 0;
  Tensor type =
      checkpoint([&](const Tensor& t) { return t.to(runs++ == 0 ? kFloat64 : kFloat32).exp(); }, x);
  EXPECT_ERROR(type.sum().backward(), "recomputed metadata: Float [2]");
  // The generator and the modes are where they were.
  EXPECT_TRUE(GradMode::is_enabled());
  Tensor right = checkpoint([&](const Tensor& t) { return t.exp(); }, x);
  EXPECT_NO_THROW(right.sum().backward());
}

TEST(CheckpointErrors, OfAnExceptionInTheFunction) {
  Tensor x = leaf({1, 2});
  int runs = 0;
  auto f = [&](const Tensor& t) {
    if (runs++ == 1) throw std::runtime_error("not twice");
    return t.exp() + rand({2}, kFloat64);
  };
  Tensor y = checkpoint(f, x).sum();
  const Tensor before = detail::default_cpu_generator().get_state();
  EXPECT_THROW(y.backward({}, true), std::runtime_error);
  EXPECT_TRUE(equal(detail::default_cpu_generator().get_state(), before));
  EXPECT_TRUE(GradMode::is_enabled());
  EXPECT_NO_THROW(y.backward());
}

TEST(CheckpointErrors, OfWhatWasChangedInPlace) {
  const char* modified =
      "one of the variables needed for gradient computation has been modified by an inplace "
      "operation";
  Tensor weight = leaf({1, 2});
  auto f = [&](const Tensor& t) { return t * weight * weight; };
  Tensor x = tensor({3.0, 4.0}, kFloat64);
  Tensor y = checkpoint(f, x).sum();
  {
    NoGradGuard no_grad;
    weight.add_(1);
  }
  EXPECT_ERROR(y.backward(), modified);
  y = checkpoint(f, x).sum();
  x.add_(1);
  EXPECT_ERROR(y.backward(), "input 0 has been modified by an inplace operation");
  // Within fn, what was saved before it was changed.
  Tensor z = checkpoint(
      [](const Tensor& t) {
        Tensor e = t.exp();
        e.add_(1);
        return e.sum();
      },
      leaf({1, 2}));
  EXPECT_ERROR(z.backward(), modified);
  // In-place operations that are right without a checkpoint are right with one.
  Tensor a = leaf({1, 2});
  checkpoint(
      [](const Tensor& t) {
        Tensor e = t * 2;
        e.exp_();
        return e.sum();
      },
      a)
      .backward();
  EXPECT_TRUE(allclose(a.grad(), 2 * (2 * a).exp()));
}

}  // namespace
}  // namespace taper
