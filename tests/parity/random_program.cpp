// Random streams: every factory and in-place filler, short, long, in both floating dtypes, into
// memory that is not contiguous, one after the other so that what each leaves behind is seen by the
// next.
#include <vector>

#include "parity/parity.h"

namespace {

using torch::Tensor;

const std::vector<int64_t> kLengths = {0, 1, 2, 7, 15, 16, 17, 31, 32, 33, 100, 257, 1000};

std::string of(const char* what, int64_t length, torch::ScalarType dtype) {
  return std::string(what) + " " + std::to_string(length) + " " + c10::str(dtype);
}

template <class Fill>
void into_views(parity::Recorder& r, const std::string& name, torch::ScalarType dtype, Fill fill) {
  const auto into = [&](const char* kind, Tensor whole, const Tensor& view) {
    fill(view);
    r.draw(name + " " + kind, whole);
  };
  Tensor a = torch::zeros({6, 7}, dtype);
  into("transposed", a, a.t());
  Tensor b = torch::zeros({40}, dtype);
  into("every other", b, b.slice(0, 0, 40, 2));
  Tensor c = torch::zeros({5, 8}, dtype);
  into("columns", c, c.narrow(1, 2, 4));
  Tensor d = torch::zeros({3, 4, 5}, dtype);
  into("permuted", d, d.permute({2, 0, 1}));
  Tensor e = torch::zeros({4, 20}, dtype);
  into("row", e, e[2]);
  Tensor f = torch::zeros({}, dtype);
  into("zero_dim", f, f);
}

}  // namespace

PARITY_PROGRAM(random_factories) {
  r.draw("normal means", at::normal(torch::arange(20, torch::kFloat32), 0.5));
  r.draw("normal stds", at::normal(2.0, torch::arange(20, torch::kFloat32)));
  r.draw("normal both", at::normal(torch::zeros({4, 1}), torch::ones({5})));
  for (const torch::ScalarType dtype : {torch::kFloat32, torch::kFloat64}) {
    for (const int64_t n : kLengths) {
      r.draw(of("rand", n, dtype), torch::rand({n}, dtype));
      r.draw(of("randn", n, dtype), torch::randn({n}, dtype));
      r.draw(of("rand_like", n, dtype), torch::rand_like(torch::zeros({n}, dtype)));
      r.draw(of("randn_like", n, dtype), torch::randn_like(torch::zeros({n}, dtype)));
      r.draw(of("dropout function", n, dtype), torch::dropout(torch::ones({n}, dtype), 0.4, true));
      r.draw(of("normal", n, dtype), torch::normal(1.5, 0.25, {n}, c10::nullopt, dtype));
      r.draw(of("randint", n, dtype), torch::randint(17, {n}, dtype));
      r.draw(of("bernoulli", n, dtype), torch::bernoulli(torch::rand({n}, dtype)));
      r.draw(of("bernoulli p", n, dtype), torch::bernoulli(torch::zeros({n}, dtype), 0.3));
    }
  }
  for (const torch::ScalarType dtype : {torch::kInt64, torch::kInt32, torch::kUInt8}) {
    for (const int64_t n : kLengths) {
      r.draw(of("randint", n, dtype), torch::randint(100, {n}, dtype));
      r.draw(of("randint from", n, dtype), torch::randint(5, 250, {n}, dtype));
      r.draw(of("randint_like", n, dtype), torch::randint_like(torch::zeros({n}, dtype), 3, 9));
    }
  }
  r.draw("randint wide", torch::randint(-(int64_t{1} << 40), int64_t{1} << 40, {50}));
  r.draw("randint 2^32", torch::randint(0, int64_t{1} << 32, {50}));
  r.draw("randint 2^32 - 1", torch::randint(0, (int64_t{1} << 32) - 1, {50}));
  for (const int64_t n : kLengths) {
    r.draw("randperm " + std::to_string(n), torch::randperm(n));
    r.draw("randperm int " + std::to_string(n), torch::randperm(n, torch::kInt32));
  }
  for (const torch::ScalarType dtype : {torch::kFloat32, torch::kFloat64}) {
    const Tensor weights = torch::rand({4, 9}, dtype);
    r.draw(of("multinomial one", 1, dtype), torch::multinomial(weights, 1));
    r.draw(of("multinomial some", 5, dtype), torch::multinomial(weights, 5));
    r.draw(of("multinomial replaced", 30, dtype), torch::multinomial(weights, 30, true));
    r.draw(of("multinomial row", 3, dtype), torch::multinomial(weights[0], 3));
    r.draw(of("multinomial replaced row", 7, dtype), torch::multinomial(weights[1], 7, true));
  }
  // The cached half of a pair of normals survives other draws.
  for (int i = 0; i < 6; ++i) {
    const std::string round = " round " + std::to_string(i);
    r.draw("three normals" + round, torch::randn({3}, torch::kFloat64));
    r.draw("a uniform" + round, torch::rand({1}));
    r.draw("an integer" + round, torch::randint(1000, {2}));
    r.draw("five normals" + round, torch::randn({5}));
  }
  torch::manual_seed(1234);
  r.draw("seeded again", torch::randn({5}));
  torch::manual_seed(uint64_t{1} << 35 | 77);
  r.draw("seeded by 36 bits", torch::rand({5}));
}

PARITY_PROGRAM(random_fillers) {
  for (const torch::ScalarType dtype : {torch::kFloat32, torch::kFloat64}) {
    for (const int64_t n : kLengths) {
      r.draw(of("uniform_", n, dtype), torch::empty({n}, dtype).uniform_(-3, 2.5));
      r.draw(of("normal_", n, dtype), torch::empty({n}, dtype).normal_(-1, 3));
      r.draw(of("bernoulli_", n, dtype), torch::empty({n}, dtype).bernoulli_(0.7));
      r.draw(of("bernoulli_ tensor", n, dtype),
             torch::empty({n}, dtype).bernoulli_(torch::full({n}, 0.4, dtype)));
      r.draw(of("exponential_", n, dtype), torch::empty({n}, dtype).exponential_(1.5));
      r.draw(of("random_", n, dtype), torch::empty({n}, dtype).random_());
      r.draw(of("random_ to", n, dtype), torch::empty({n}, dtype).random_(50));
      r.draw(of("random_ from", n, dtype), torch::empty({n}, dtype).random_(-20, 30));
      r.draw(of("dropout", n, dtype),
             torch::nn::functional::dropout(torch::ones({n}, dtype),
                                            torch::nn::functional::DropoutFuncOptions().p(0.4)));
    }
    const std::string suffix = std::string(" ") + c10::str(dtype);
    into_views(r, "uniform_" + suffix, dtype, [](const Tensor& x) { x.uniform_(); });
    into_views(r, "normal_" + suffix, dtype, [](const Tensor& x) { x.normal_(); });
    into_views(r, "exponential_" + suffix, dtype, [](const Tensor& x) { x.exponential_(); });
    into_views(r, "bernoulli_" + suffix, dtype, [](const Tensor& x) { x.bernoulli_(0.5); });
    into_views(r, "random_" + suffix, dtype, [](const Tensor& x) { x.random_(10); });
  }
  for (const torch::ScalarType dtype :
       {torch::kInt64, torch::kInt32, torch::kUInt8, torch::kBool}) {
    for (const int64_t n : kLengths) {
      r.draw(of("random_", n, dtype), torch::empty({n}, dtype).random_());
      r.draw(of("bernoulli_", n, dtype), torch::empty({n}, dtype).bernoulli_(0.3));
      if (dtype != torch::kBool) {
        r.draw(of("random_ to", n, dtype), torch::empty({n}, dtype).random_(100));
        r.draw(of("random_ from", n, dtype), torch::empty({n}, dtype).random_(3, 90));
      }
    }
  }
  r.draw("random_ 2^40", torch::empty({20}, torch::kInt64).random_(int64_t{1} << 40));
}

PARITY_PROGRAM(random_generators) {
  at::Generator a = at::make_generator<at::CPUGeneratorImpl>(5);
  at::Generator b = at::make_generator<at::CPUGeneratorImpl>(5);
  r.draw("a", torch::rand({5}, a, torch::kFloat32));
  r.draw("b", torch::randn({20}, b, torch::kFloat32));
  const Tensor state = a.get_state();
  r.draw("state", state);
  const Tensor first = torch::randperm(20, a, torch::kInt64);
  a.set_state(state);
  r.draw("again", torch::randperm(20, a, torch::kInt64));
  r.draw("first", first);
  r.text("seed", std::to_string(a.current_seed()));
  a.set_current_seed(99);
  r.draw("reseeded", torch::empty({7}).uniform_(0, 1, a));
  r.draw("normal_", torch::empty({3}).normal_(0, 1, a));
  r.draw("normal state", a.get_state());
  r.draw("bernoulli_", torch::empty({9}).bernoulli_(0.5, a));
  r.draw("exponential_", torch::empty({9}).exponential_(1, a));
  r.draw("random_", torch::empty({9}).random_(5, a));
  r.draw("multinomial", torch::multinomial(torch::ones({6}), 3, false, a));
  r.draw("randint", torch::randint(9, {8}, a, torch::kInt64));
  at::Generator c = a.clone();
  r.draw("clone", torch::rand({3}, c, torch::kFloat64));
  r.draw("cloned", torch::rand({3}, a, torch::kFloat64));
  at::Generator& standard = const_cast<at::Generator&>(at::detail::getDefaultCPUGenerator());
  standard.set_current_seed(3);
  r.draw("default", torch::rand({3}));
  r.print("device", a.device());
}
