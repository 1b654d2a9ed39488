#include "taper/tensor/kernels/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "taper/autograd/autograd.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"

// The draws themselves are held to PyTorch's in tests/kernels/random_test.cpp. Here: which draw an
// op makes, in what order it fills a tensor, and what it refuses. Numbers and texts are
// libtorch 1.13.1's.
namespace taper {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string message_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.what();
  }
  return "nothing was thrown";
}

std::vector<double> values(const Tensor& x) {
  const Tensor d = x.to(kDouble).contiguous();
  const double* p = d.data_ptr<double>();
  return std::vector<double>(p, p + d.numel());
}

// Six significant digits, as a stream would show them.
std::vector<double> rounded(const Tensor& x) {
  std::vector<double> result = values(x);
  for (double& v : result) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", v);
    v = std::stod(text);
  }
  return result;
}

TEST(RandomOps, FactoriesDrawFromTheSeededDefaultGenerator) {
  manual_seed(0);
  EXPECT_THAT(rounded(rand({5})), ElementsAre(0.496257, 0.768222, 0.0884774, 0.13203, 0.307423));
  manual_seed(0);
  EXPECT_THAT(rounded(randn({5})), ElementsAre(1.541, -0.293429, -2.17879, 0.568431, -1.08452));
  manual_seed(0);
  EXPECT_THAT(values(randperm(10)), ElementsAre(4, 1, 7, 5, 3, 9, 0, 8, 6, 2));
  manual_seed(1234);
  EXPECT_THAT(values(randint(0, 100, {6})), ElementsAre(75, 71, 6, 65, 16, 64));
  manual_seed(1);
  EXPECT_THAT(values(randint(5, {6}, kFloat)), ElementsAre(0, 4, 4, 3, 3, 3));
  manual_seed(1);
  EXPECT_THAT(values(randperm(6, kInt)), ElementsAre(1, 5, 2, 0, 3, 4));
  manual_seed(1);
  EXPECT_THAT(rounded(normal(1.5, 2.0, {20}).slice(0, 0, 4)),
              ElementsAre(-1.55119, -0.000463605, 0.192038, -1.71897));
}

TEST(RandomOps, DtypesOfFactories) {
  EXPECT_EQ(rand({2}).scalar_type(), kFloat);
  EXPECT_EQ(rand({2}, kDouble).scalar_type(), kDouble);
  EXPECT_EQ(randint(5, {2}).scalar_type(), kLong);
  EXPECT_EQ(randint(5, {2}, kByte).scalar_type(), kByte);
  EXPECT_EQ(randperm(3).scalar_type(), kLong);
  EXPECT_EQ(randn_like(ones({2}, kDouble)).scalar_type(), kDouble);
  EXPECT_EQ(randint_like(ones({2}), 3).scalar_type(), kFloat);
  EXPECT_EQ(multinomial(ones({3}), 1).scalar_type(), kLong);
  EXPECT_TRUE(rand({2}, requires_grad()).requires_grad());
  EXPECT_TRUE(randn_like(ones({2, 3}).t(), requires_grad()).requires_grad());
}

TEST(RandomOps, GivenGeneratorDrawsAlone) {
  manual_seed(7);
  Generator own = make_generator(3);
  const Tensor a = rand({4}, own);
  const Tensor b = rand({4});
  own.set_current_seed(3);
  manual_seed(7);
  EXPECT_EQ(values(a), values(rand({4}, own)));
  EXPECT_EQ(values(b), values(rand({4})));
}

TEST(RandomOps, StridedTensorsAreFilledInTheOrderOfTheirMemory) {
  manual_seed(1);
  EXPECT_THAT(values(empty({2, 3}).t().random_(100)), ElementsAre(45, 68, 39, 63, 24, 13));
  manual_seed(1);
  EXPECT_THAT(values(empty({2, 3, 4}).permute({2, 0, 1}).random_(100)),
              ElementsAre(45, 63, 59, 16, 2, 50, 39, 13, 32, 43, 21, 93, 24, 91, 48, 13, 42, 46, 68,
                          41, 49, 40, 16, 4));
  manual_seed(1);
  EXPECT_THAT(values(empty({4, 3}).slice(0, 0, 4, 2).t().random_(100)),
              ElementsAre(45, 68, 39, 63, 24, 13));
  manual_seed(1);
  EXPECT_THAT(values(empty({2, 1, 3}).permute({2, 1, 0}).random_(100)),
              ElementsAre(45, 68, 39, 63, 24, 13));
  manual_seed(1);
  EXPECT_THAT(rounded(rand_like(empty({2, 3}).t())),
              ElementsAre(0.757632, 0.734684, 0.279311, 0.0292816, 0.403069, 0.799859));
  manual_seed(1);
  const std::vector<double> pairs = rounded(empty({5, 4}).t().normal_());
  EXPECT_THAT((std::vector<double>(pairs.begin(), pairs.begin() + 4)),
              ElementsAre(0.661352, -0.451906, -1.02761, -0.19551));
}

TEST(RandomOps, BernoulliTakesOneProbabilityForEachElement) {
  const auto p = [] { return rand({4, 3}, make_generator(3)); };
  manual_seed(1);
  EXPECT_THAT(values(empty({4, 3}).t().bernoulli_(rand({4}, make_generator(3)))),
              ElementsAre(0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0));
  manual_seed(1);
  EXPECT_THAT(values(empty({3, 4}).bernoulli_(p().t())),
              ElementsAre(0, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0, 1));
  manual_seed(1);
  EXPECT_THAT(values(bernoulli(p().t())), ElementsAre(0, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0, 1));
}

TEST(RandomOps, MultinomialSamplesEachRow) {
  const auto p = [] { return rand({4, 3}, make_generator(3)).t(); };
  manual_seed(1);
  EXPECT_THAT(values(multinomial(p(), 2)), ElementsAre(3, 2, 3, 2, 3, 0));
  manual_seed(1);
  EXPECT_THAT(values(p().multinomial(2, true)), ElementsAre(2, 2, 1, 1, 3, 0));
  EXPECT_EQ(multinomial(ones({0, 3}), 2).sizes(), IntArrayRef(std::vector<int64_t>{0, 2}));
  EXPECT_EQ(multinomial(ones({3}), 2).sizes(), IntArrayRef(std::vector<int64_t>{2}));
}

TEST(RandomOps, BoundsPastAFloatsPrecisionAreRoundedAsInPyTorch) {
  const auto drawn = [](ScalarType dtype, int64_t from, std::optional<int64_t> to) {
    return values(empty({4}, dtype).random_(from, to, make_generator(3)));
  };
  const std::optional<int64_t> none;
  EXPECT_THAT(drawn(kFloat, 16777217, 16777219),
              ElementsAre(16777216, 16777216, 16777218, 16777218));
  EXPECT_THAT(drawn(kDouble, 9007199254740995, 9007199254740999),
              ElementsAre(9007199254740996, 9007199254740996, 9007199254740996, 9007199254740998));
  EXPECT_THAT(drawn(kFloat, -16777219, none), ElementsAre(71247, -15006095, 4795278, 451796));
  EXPECT_EQ(drawn(kFloat, 33554433, std::numeric_limits<int64_t>::max())[0],
            static_cast<double>(9.37055967e+17f));
  EXPECT_EQ(drawn(kDouble, std::numeric_limits<int64_t>::min(), none)[0], -8.2863160950472684e+18);
}

TEST(RandomOps, RefuseWhatPyTorchRefusesInItsWords) {
  Tensor f = empty({3});
  Tensor l = ones({3}, kLong);
  Tensor b = empty({3}, kBool);
  Tensor u = empty({3}, kByte);
  Tensor i = empty({3}, kInt);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  const std::optional<int64_t> none;
#define EXPECT_REFUSED(expression, text) EXPECT_EQ(message_of([&] { expression; }), text)
  EXPECT_REFUSED(l.uniform_(0, 1), "\"check_uniform_bounds\" not implemented for 'Long'");
  EXPECT_REFUSED(f.uniform_(1, 0),
                 "uniform_ expects to return a [from, to) range, but found from=1 > to=0");
  EXPECT_REFUSED(f.uniform_(-1e39, 0), "from is out of bounds for float");
  EXPECT_REFUSED(f.uniform_(0, 1e39), "to is out of bounds for float");
  EXPECT_REFUSED(
      f.uniform_(-3e38, 3e38),
      "uniform_ expects to-from <= std::numeric_limits<Float>::max(), but found to=3e+38 "
      "and from=-3e+38 which result in to-from to exceed the limit");
  EXPECT_REFUSED(l.normal_(0, 1), "\"normal_kernel_cpu\" not implemented for 'Long'");
  EXPECT_REFUSED(f.normal_(0, -1), "normal expects std >= 0.0, but found std -1");
  EXPECT_REFUSED(f.normal_(0, nan), "normal expects std >= 0.0, but found std nan");
  EXPECT_REFUSED(l.exponential_(1), "\"exponential_cpu\" not implemented for 'Long'");
  EXPECT_REFUSED(f.exponential_(-1), "exponential_ expects lambda >= 0.0, but found lambda=-1");
  EXPECT_REFUSED(f.bernoulli_(1.5), "bernoulli_ expects p to be in [0, 1], but got p=1.5");
  EXPECT_REFUSED(f.bernoulli_(nan), "bernoulli_ expects p to be in [0, 1], but got p=nan");
  EXPECT_REFUSED(f.bernoulli_(l), "\"bernoulli_tensor_cpu_p_\" not implemented for 'Long'");
  EXPECT_THAT(message_of([&] { f.bernoulli_(full({3}, 2.0)); }),
              HasSubstr("Expected p_in >= 0 && p_in <= 1 to be true"));
  EXPECT_THAT(message_of([&] { f.bernoulli_(ones({4})); }),
              StartsWith("The expanded size of the tensor (3) must match the existing size (4) at "
                         "non-singleton dimension 0"));
  EXPECT_REFUSED(l.random_(5, 3),
                 "random_ expects 'from' to be less than 'to', but got from=5 >= to=3");
  EXPECT_REFUSED(l.random_(0),
                 "random_ expects 'from' to be less than 'to', but got from=0 >= to=0");
  EXPECT_REFUSED(b.random_(0, 3), "to - 1 is out of bounds for bool");
  EXPECT_REFUSED(b.random_(-1, 1), "from is out of bounds for bool");
  EXPECT_REFUSED(u.random_(0, 257), "to - 1 is out of bounds for unsigned char");
  EXPECT_REFUSED(u.random_(300, none), "from is out of bounds for unsigned char");
  EXPECT_REFUSED(i.random_(0, int64_t{1} << 32), "to - 1 is out of bounds for int");
  EXPECT_REFUSED(
      i.random_(std::numeric_limits<int64_t>::min(), none),
      "random_full_64_bits_range_kernel_cpu handles only int64, double, float and bfloat16");
  EXPECT_REFUSED(
      f.random_(1 << 25, none),
      "random_ expects 'from' casted to dtype to be less than or equal to 'to_inc' casted "
      "to dtype, but got from=33554432 > to_inc=16777216");
  EXPECT_REFUSED(randint(0, {2}),
                 "random_ expects 'from' to be less than 'to', but got from=0 >= to=0");
  EXPECT_REFUSED(randint(0, 300, {2}, kByte), "to - 1 is out of bounds for unsigned char");
  EXPECT_REFUSED(randperm(3, kBool), "\"randperm\" not implemented for 'Bool'");
  EXPECT_REFUSED(randperm(1 << 25, kFloat), "n cannot be greater than 2^24+1 for Float type.");
  EXPECT_THAT(message_of([&] { randperm(-1); }), HasSubstr("negative dimension -1"));
  EXPECT_THAT(message_of([&] { randperm(300, kByte); }), HasSubstr("without overflow"));

  EXPECT_REFUSED(multinomial(ones({3}), 0), "cannot sample n_sample <= 0 samples");
  EXPECT_REFUSED(multinomial(ones({3}), 4),
                 "cannot sample n_sample > prob_dist.size(-1) samples without replacement");
  EXPECT_REFUSED(multinomial(l, 2),
                 "multinomial only supports floating-point dtypes for input, got: Long");
  EXPECT_REFUSED(multinomial(ones({}), 1), "prob_dist must be 1 or 2 dim");
  EXPECT_REFUSED(multinomial(ones({2, 2, 2}), 1), "prob_dist must be 1 or 2 dim");
  for (const bool replacement : {false, true}) {
    EXPECT_REFUSED(multinomial(zeros({3}), 1, replacement),
                   "invalid multinomial distribution (sum of probabilities <= 0)");
  }
  EXPECT_REFUSED(multinomial(full({3}, -1.0), 1),
                 "probability tensor contains either `inf`, `nan` or element < 0");
  EXPECT_REFUSED(multinomial(full({3}, inf), 1),
                 "probability tensor contains either `inf`, `nan` or element < 0");
  EXPECT_REFUSED(multinomial(full({3}, nan), 1),
                 "probability tensor contains either `inf`, `nan` or element < 0");
  EXPECT_REFUSED(multinomial(full({3}, -1.0), 1, true),
                 "invalid multinomial distribution (encountering probability entry < 0)");
  EXPECT_REFUSED(
      multinomial(full({3}, inf), 1, true),
      "invalid multinomial distribution (encountering probability entry = infinity or NaN)");
#undef EXPECT_REFUSED
  EXPECT_THAT(message_of([&] { ones({1}).expand({3}).uniform_(0, 1); }),
              StartsWith("unsupported operation: more than one element of the written-to tensor "
                         "refers to a single memory location."));
}

TEST(RandomOps, RefusedCallsChangeNothing) {
  Tensor x = full({3}, 0.5);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  manual_seed(4);
  const Tensor state = detail::default_cpu_generator().get_state();
  EXPECT_THROW(x.bernoulli_(tensor(std::vector<double>{0.5, nan, 0.5})), Error);
  EXPECT_THROW(x.uniform_(1, 0), Error);
  EXPECT_THAT(values(x), ElementsAre(0.5, 0.5, 0.5));
  EXPECT_EQ(x._version(), 0);
  EXPECT_EQ(values(detail::default_cpu_generator().get_state()), values(state));
}

TEST(RandomOps, OverwrittenTensorGetsZeroGradient) {
  Tensor x = ones({3}, requires_grad());
  Tensor y = x * 2;
  y.uniform_(0, 1);
  EXPECT_EQ(y.grad_fn()->name(), "UniformBackward0");
  EXPECT_EQ(y._version(), 1);
  y.sum().backward();
  EXPECT_THAT(values(x.grad()), ElementsAre(0, 0, 0));
  EXPECT_THAT(
      message_of([&] { x.normal_(); }),
      StartsWith("a leaf Variable that requires grad is being used in an in-place operation"));
}

TEST(Generator, HandlesShareAStateAndClonesDoNot) {
  Generator a = make_generator(5);
  Generator b = a;
  Generator c = a.clone();
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
  const std::uint64_t word = a.lock()->engine.next64();
  EXPECT_NE(b.lock()->engine.next64(), word);
  EXPECT_EQ(c.lock()->engine.next64(), word);
  b.set_current_seed(9);
  EXPECT_EQ(a.current_seed(), 9U);
  EXPECT_EQ(c.current_seed(), 5U);
}

TEST(Generator, ItsStateIsAskedOfOneThatIsThere) {
  EXPECT_THROW(check_generator<CPUGeneratorImpl>(std::nullopt), Error);
  EXPECT_THROW(check_generator<CPUGeneratorImpl>(Generator()), Error);
}

TEST(Generator, ThreadsMayUseItsStateAndItsHandleAtOnce) {
  Generator generator = make_generator(1);
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i) generator.set_current_seed(static_cast<uint64_t>(i));
  });
  for (int i = 0; i < 1000; ++i) check_generator<CPUGeneratorImpl>(generator)->random();
  other.join();
  EXPECT_EQ(generator.current_seed(), 999U);
}

TEST(Generator, UndefinedOneIsRefused) {
  Generator none;
  EXPECT_FALSE(none.defined());
  EXPECT_EQ(message_of([&] { none.current_seed(); }),
            "Generator with undefined implementation is not allowed");
}

TEST(Generator, UnseededOneHasPyTorchsDefaultSeed) {
  EXPECT_EQ(make_generator().current_seed(), 67280421310721U);
  EXPECT_EQ(make_generator<CPUGeneratorImpl>().current_seed(), 67280421310721U);
}

TEST(Generator, EntropySeedsHave53BitsAndDiffer) {
  Generator g = make_generator();
  const std::uint64_t first = g.seed();
  EXPECT_EQ(g.current_seed(), first);
  EXPECT_LT(first, std::uint64_t{1} << 53);
  EXPECT_NE(g.seed(), first);
}

TEST(Generator, SavedStateIsPyTorchsBytes) {
  Generator g = make_generator(5);
  const auto at = [](const Tensor& state, std::int64_t offset) {
    std::uint64_t word = 0;
    std::memcpy(&word, state.data_ptr<std::uint8_t>() + offset, sizeof word);
    return word;
  };
  Tensor state = g.get_state();
  EXPECT_EQ(state.numel(), 5056);
  EXPECT_EQ(at(state, 0), 5U);                   // seed
  EXPECT_EQ(at(state, 8), 0x0000000100000001U);  // left 1, seeded 1
  EXPECT_EQ(at(state, 16), 0U);                  // next
  EXPECT_EQ(at(state, 24), 5U);                  // first word
  rand({1}, g);
  normal(0, 1, {3}, g);
  state = g.get_state();
  EXPECT_EQ(at(state, 8), 0x0000000100000268U);
  EXPECT_EQ(at(state, 16), 9U);
  EXPECT_EQ(at(state, 24), 0xf348ee4bU);
  EXPECT_EQ(at(state, 5024), 0xbfec34858387e2a2U);  // the second normal of a pair
  EXPECT_EQ(at(state, 5040), 1U);                   // is there
}

TEST(Generator, RestoredStateGoesOnAlike) {
  Generator g = make_generator(5);
  normal(0, 1, {7}, g);
  const Tensor state = g.get_state();
  const Tensor a = normal(0, 1, {700}, g);
  const Tensor b = normal(0, 1, {3}, g);
  Generator h = make_generator(1);
  h.set_state(state);
  EXPECT_EQ(h.current_seed(), 5U);
  EXPECT_EQ(values(normal(0, 1, {700}, h)), values(a));
  EXPECT_EQ(values(normal(0, 1, {3}, h)), values(b));
}

TEST(Generator, WhatIsNoStateIsRefused) {
  Generator g = make_generator(5);
  rand({3}, g);
  const Tensor before = g.get_state();
  EXPECT_THAT(message_of([&] { g.set_state(empty({3}, kByte)); }),
              HasSubstr("but found the input RNG state size to be 3"));
  EXPECT_EQ(message_of([&] { g.set_state(empty({5056})); }),
            "RNG state must be a torch.ByteTensor");
  EXPECT_EQ(message_of([&] {
              g.set_state(zeros({5056, 2}, kByte).select(1, 0));
            }),
            "RNG state must be contiguous");
  EXPECT_EQ(message_of([&] { g.set_state(zeros({5056}, kByte)); }), "Invalid mt19937 state");
  // A draw from this one would read past the words.
  Tensor torn = before.clone();
  torn.data_ptr<std::uint8_t>()[16] = 200;
  EXPECT_EQ(message_of([&] { g.set_state(torn); }), "Invalid mt19937 state");
  EXPECT_EQ(values(g.get_state()), values(before));
}

TEST(Generator, ThreadsDrawWholeTensors) {
  // Two tensors of 1000 from one generator in either order are the 2000 values of one thread's.
  Generator g = make_generator(6);
  std::vector<Tensor> drawn(2);
  std::vector<std::thread> threads;
  for (Tensor& x : drawn) {
    threads.emplace_back([&x, g] { x = rand({1000}, g); });
  }
  for (std::thread& t : threads) t.join();
  Generator alone = make_generator(6);
  const std::vector<double> first = values(rand({1000}, alone));
  const std::vector<double> second = values(rand({1000}, alone));
  const std::vector<double> a = values(drawn[0]);
  const std::vector<double> b = values(drawn[1]);
  EXPECT_TRUE((a == first && b == second) || (a == second && b == first));
}

}  // namespace
}  // namespace taper
