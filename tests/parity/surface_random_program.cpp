// Draws are compared bit by bit: each filler over layouts and dtypes, the factories, generators,
// and what works on threads.

#include <mutex>

#include "parity/surface.h"

namespace parity::surface {
namespace {

// Tensors whose elements lie in memory in every way that changes the order of draws.
std::vector<std::pair<std::string, Tensor>> layouts(torch::ScalarType t) {
  return {
      {"[]", torch::zeros({}, t)},
      {"[1]", torch::zeros({1}, t)},
      {"[7]", torch::zeros({7}, t)},
      {"[15]", torch::zeros({15}, t)},
      {"[16]", torch::zeros({16}, t)},
      {"[17]", torch::zeros({17}, t)},
      {"[37]", torch::zeros({37}, t)},
      {"[3000]", torch::zeros({3000}, t)},
      {"[2, 0]", torch::zeros({2, 0}, t)},
      {"transposed [3, 4]", torch::zeros({4, 3}, t).t()},
      {"transposed [6, 7]", torch::zeros({7, 6}, t).t()},
      {"step 2 [20]", torch::zeros({40}, t).slice(0, 0, 40, 2)},
      {"offset 3 [20]", torch::zeros({23}, t).slice(0, 3)},
      {"columns [5, 4]", torch::zeros({5, 8}, t).slice(1, 2, 6)},
      {"permuted [2, 3, 4]", torch::zeros({4, 2, 3}, t).permute({1, 2, 0})},
      {"selected [4, 6]", torch::zeros({4, 5, 6}, t).select(1, 2)},
      {"diagonal [20]", torch::zeros({20, 20}, t).diagonal()},
      {"column [5]", torch::zeros({5, 1}, t).select(1, 0)},
      {"transposed [1, 4, 5]", torch::zeros({4, 1, 5}, t).transpose(0, 1)},
  };
}

struct Fill {
  const char* name;
  void (*call)(const Tensor& x);
};
#define FILL(name, call)                  \
  {                                       \
    name, [](const Tensor& x) { x.call; } \
  }
const Fill kFills[] = {
    FILL("normal_", normal_()),
    FILL("normal_(2, 3)", normal_(2, 3)),
    FILL("normal_(1, 0)", normal_(1, 0)),
    FILL("normal_(0, -1)", normal_(0, -1)),
    FILL("uniform_", uniform_()),
    FILL("uniform_(-2, 5)", uniform_(-2, 5)),
    FILL("uniform_(3, 1)", uniform_(3, 1)),
    FILL("uniform_(1, 1)", uniform_(1, 1)),
    FILL("random_()", random_()),
    FILL("random_(10)", random_(10)),
    FILL("random_(-5, 5)", random_(-5, 5)),
    FILL("random_(3, nullopt)", random_(3, torch::optional<int64_t>())),
    FILL("random_(0)", random_(0)),
    FILL("random_(5, 5)", random_(5, 5)),
    FILL("random_(2^33)", random_(int64_t{1} << 33)),
    FILL("random_(min, nullopt)", random_(INT64_MIN, torch::optional<int64_t>())),
    FILL("random_(300)", random_(300)),
    FILL("random_(2)", random_(2)),
    FILL("random_(2^24+3)", random_(0, (1 << 24) + 3)),
    FILL("exponential_", exponential_()),
    FILL("exponential_(2.5)", exponential_(2.5)),
    FILL("exponential_(0)", exponential_(0)),
    FILL("exponential_(-1)", exponential_(-1)),
    FILL("geometric_(0.3)", geometric_(0.3)),
    FILL("geometric_(0.9)", geometric_(0.9)),
    FILL("geometric_(0.001)", geometric_(0.001)),
    FILL("geometric_(0)", geometric_(0)),
    FILL("geometric_(1)", geometric_(1)),
    FILL("geometric_(1.5)", geometric_(1.5)),
    FILL("cauchy_", cauchy_()),
    FILL("cauchy_(2, 0.5)", cauchy_(2, 0.5)),
    FILL("cauchy_(0, -1)", cauchy_(0, -1)),
    FILL("cauchy_(0, 0)", cauchy_(0, 0)),
    FILL("log_normal_", log_normal_()),
    FILL("log_normal_(0.5, 0.25)", log_normal_(0.5, 0.25)),
    FILL("log_normal_(0, -1)", log_normal_(0, -1)),
    FILL("log_normal_(0, 0)", log_normal_(0, 0)),
    FILL("bernoulli_", bernoulli_()),
    FILL("bernoulli_(0.3)", bernoulli_(0.3)),
    FILL("bernoulli_(0)", bernoulli_(0.0)),
    FILL("bernoulli_(1)", bernoulli_(1.0)),
    FILL("bernoulli_(2)", bernoulli_(2.0)),
    FILL("bernoulli_(float p)", bernoulli_(torch::full(x.sizes(), 0.3))),
    FILL("bernoulli_(double p)", bernoulli_(torch::full(x.sizes(), 0.3, torch::kDouble))),
    FILL("bernoulli_(0-dim p)", bernoulli_(torch::full({}, 0.3))),
    FILL("bernoulli_(bad p)", bernoulli_(torch::full(x.sizes(), 1.3))),
    FILL("bernoulli_(int p)", bernoulli_(torch::ones(x.sizes(), torch::kInt))),
};
#undef FILL

// A digest of the draws in each layout, and of one draw after them: how far the generator went.
PARITY_PROGRAM(surface_fills) {
  for (const Fill& fill : kFills) {
    for (torch::ScalarType t :
         {torch::kFloat, torch::kDouble, torch::kLong, torch::kInt, torch::kByte, torch::kBool}) {
      add(r, std::string(fill.name) + " " + torch::toString(t), [&] {
        std::string digests;
        for (const auto& [layout, x] : layouts(t)) {
          torch::manual_seed(42);
          fill.call(x);
          std::ostringstream text;
          show(text, std::make_pair(x.clone(torch::MemoryFormat::Contiguous), torch::rand({1})));
          digests += layout + ' ' + digest(text.str()) + "  ";
        }
        return digests;
      });
    }
  }
}

}  // namespace

#define R(...)               \
  add(r, #__VA_ARGS__, [&] { \
    torch::manual_seed(42);  \
    return (__VA_ARGS__);    \
  })
#define RB(name, ...)       \
  add(r, name, [&] {        \
    torch::manual_seed(42); \
    __VA_ARGS__             \
  })

PARITY_PROGRAM(surface_randoms) {
  R(torch::rand({3}));
  R(torch::rand({3}, torch::kDouble));
  R(torch::rand({3}, torch::kInt));
  R(torch::rand({2, 3}, torch::requires_grad()));
  R(torch::rand({50}));
  R(torch::randn({3}));
  R(torch::randn({20}));
  R(torch::randn({20}, torch::kDouble));
  R(torch::randn({3}, torch::kLong));
  R(torch::randn({}));
  R(torch::randint(10, {5}));
  R(torch::randint(-5, 5, {5}));
  R(torch::randint(10, {5}, torch::kFloat));
  R(torch::randint(10, {5}, torch::kByte));
  R(torch::randint(300, {5}, torch::kByte));
  R(torch::randint(5, 5, {2}));
  R(torch::randint(10, {5}, torch::requires_grad()));
  R(torch::randint(10, {5}, torch::dtype(torch::kFloat).requires_grad(true)));
  R(torch::randint(2, {5}, torch::kBool));
  R(torch::randperm(10));
  R(torch::randperm(10, torch::kInt));
  R(torch::randperm(10, torch::kFloat));
  R(torch::randperm(0));
  R(torch::randperm(1));
  R(torch::randperm(-1));
  R(torch::randperm(300, torch::kByte));
  R(torch::randperm(200, torch::kByte));
  R(torch::randperm(5, torch::requires_grad()));
  R(torch::randperm(5, torch::kBool));
  R(torch::randperm(1000));
  R(torch::randperm(100000));
  R(torch::rand_like(torch::zeros({2, 3})));
  R(torch::rand_like(torch::zeros({2, 3}).t()));
  R(torch::rand_like(torch::zeros({4, 5}).t(), torch::kDouble));
  R(torch::randn_like(torch::zeros({2, 3})));
  R(torch::randn_like(torch::zeros({5, 4}).t()));
  R(torch::randn_like(torch::zeros({5, 4}, torch::kDouble)));
  R(torch::randn_like(torch::zeros({3}), torch::requires_grad()));
  R(torch::randint_like(torch::zeros({3}), 10));
  R(torch::randint_like(torch::zeros({3}, torch::kInt), 5, 10));
  R(torch::randint_like(torch::zeros({3}), 10, torch::kLong));
  R(torch::randint_like(torch::zeros({2, 3}).t(), 10));
  R(torch::normal(0., 1., {5}));
  R(torch::normal(2., 3., {20}));
  R(torch::normal(2., 3., {20}, torch::nullopt, torch::kDouble));
  R(torch::normal(0., -1., {5}));
  R(at::normal(torch::arange(5.)));
  R(at::normal(torch::arange(5.), 2.));
  R(at::normal(torch::arange(20.), 2.));
  R(at::normal(0.5, torch::arange(5.)));
  R(at::normal(0.5, torch::arange(20.)));
  R(at::normal(torch::arange(5.), torch::arange(5.)));
  R(at::normal(torch::arange(20.), torch::arange(20.)));
  R(at::normal(torch::arange(3.), torch::ones({2, 1})));
  R(at::normal(torch::arange(3.), -torch::ones({3})));
  R(at::normal(torch::arange(3., torch::kDouble), torch::ones({3})));
  R(at::normal(torch::arange(3.), torch::ones({3}, torch::kDouble)));
  R(at::normal(torch::arange(3), torch::ones({3})));
  R(at::normal(torch::arange(3.), -1.));
  R(at::normal(0., -torch::ones({3})));
  R(at::normal(torch::arange(6.).view({2, 3}).t(), 1.));
  R(at::normal(torch::arange(40.).view({5, 8}).t(), 1.));
  R(at::normal(torch::arange(3.).requires_grad_(), 1.));
  R(at::normal(torch::zeros({0}), 1.));
  R(at::normal(torch::arange(3.), torch::ones({4})));
  R(at::normal(0.5, torch::ones({3}, torch::kInt)));
  R(at::normal(0.5, torch::arange(40.).view({5, 8}).t()));
  R(torch::bernoulli(torch::full({5}, 0.4)));
  R(torch::bernoulli(torch::full({5}, 0.4, torch::kDouble)));
  R(torch::bernoulli(torch::zeros({5}), 0.4));
  R(torch::bernoulli(torch::zeros({5}, torch::kInt), 0.4));
  R(torch::full({5}, 0.4).bernoulli());
  R(torch::zeros({5}).bernoulli(0.7));
  R(torch::bernoulli(torch::full({5}, 0.4).requires_grad_()));
  R(torch::bernoulli(torch::full({2, 3}, 0.4).t()));
  R(torch::bernoulli(torch::ones({3}, torch::kInt)));
  R(torch::bernoulli(torch::full({3}, 1.5)));
  R(torch::multinomial(torch::tensor({1., 2., 3., 4.}), 3));
  R(torch::multinomial(torch::tensor({1., 2., 3., 4.}), 6, true));
  R(torch::multinomial(torch::tensor({{1., 2., 3.}, {4., 0., 1.}}), 2));
  R(torch::multinomial(torch::tensor({{1., 2., 3.}, {4., 0., 1.}}), 4, true));
  R(torch::multinomial(torch::tensor({1., 2.}), 3));
  R(torch::multinomial(torch::tensor({1, 2}), 1));
  R(torch::multinomial(torch::tensor({1., -2.}), 1));
  R(torch::multinomial(torch::tensor({0., 0.}), 1));
  R(torch::multinomial(torch::tensor({1., 2.}), 0));
  R(torch::multinomial(torch::ones({2, 2, 2}), 1));
  R(torch::tensor({1., 2., 3.}, torch::kDouble).multinomial(2));
  R(torch::multinomial(torch::tensor({1., NAN}), 1, true));
  R(torch::multinomial(torch::tensor({0., 1., 0.}), 2));
  R(torch::multinomial(torch::ones({100}), 50));
  R(torch::multinomial(torch::ones({0}), 1));
  // generators
  RB("generator", auto g = torch::make_generator<torch::CPUGeneratorImpl>(7); std::ostringstream o;
     o << g.current_seed() << ' ' << g.defined() << ' ' << g.device(); show(o, torch::rand({2}, g));
     show(o, torch::randn({2}, g)); show(o, torch::randint(9, {2}, g));
     show(o, torch::randint(2, 9, {2}, g, torch::kFloat)); show(o, torch::randperm(4, g));
     show(o, torch::normal(0., 1., {2}, g)); show(o, at::normal(torch::zeros({2}), 1., g));
     show(o, torch::bernoulli(torch::full({2}, 0.5), g));
     show(o, torch::multinomial(torch::ones({3}), 1, false, g));
     show(o, torch::zeros({2}).uniform_(0, 1, g)); show(o, torch::zeros({2}).normal_(0, 1, g));
     show(o, torch::zeros({2}).random_(g)); show(o, torch::zeros({2}).random_(5, g));
     show(o, torch::zeros({2}).random_(1, 5, g)); show(o, torch::zeros({2}).exponential_(1, g));
     show(o, torch::zeros({2}).geometric_(0.5, g)); show(o, torch::zeros({2}).cauchy_(0, 1, g));
     show(o, torch::zeros({2}).log_normal_(0, 1, g)); show(o, torch::zeros({2}).bernoulli_(0.5, g));
     show(o, torch::zeros({2}).bernoulli_(torch::full({2}, 0.5), g)); show(o, torch::rand({2}));
     return o.str(););
  RB("set_current_seed", auto g = torch::make_generator<torch::CPUGeneratorImpl>();
     g.set_current_seed(5); Tensor a = torch::rand({3}, g); g.set_current_seed(5);
     return std::make_pair(a, torch::rand({3}, g)););
  RB("default seed", auto g = torch::make_generator<torch::CPUGeneratorImpl>();
     return g.current_seed(););
  RB("clone", auto g = torch::make_generator<torch::CPUGeneratorImpl>(5); torch::randn({1}, g);
     auto h = g.clone(); return std::make_pair(torch::randn({3}, g), torch::randn({3}, h)););
  RB("state", auto g = torch::make_generator<torch::CPUGeneratorImpl>(5); torch::randn({1}, g);
     Tensor s = g.get_state(); Tensor a = torch::randn({3}, g); g.set_state(s);
     return std::make_pair(a, torch::randn({3}, g)););
  RB("state bytes", auto g = torch::make_generator<torch::CPUGeneratorImpl>(5);
     torch::randn({1}, g); return g.get_state(););
  RB("state wrong dtype", auto g = torch::make_generator<torch::CPUGeneratorImpl>(5);
     g.set_state(torch::zeros({5056})); return 0;);
  RB("state wrong size", auto g = torch::make_generator<torch::CPUGeneratorImpl>(5);
     g.set_state(torch::zeros({56}, torch::kByte)); return 0;);
  RB("default", auto g = at::detail::getDefaultCPUGenerator(); std::ostringstream o;
     o << g.current_seed(); show(o, torch::rand({2}, g)); show(o, torch::rand({2}));
     return o.str(););
  RB("createCPUGenerator", auto g = at::detail::createCPUGenerator(9); return torch::rand({2}, g););
  RB("global", return torch::globalContext().defaultGenerator(torch::kCPU).current_seed(););
  RB("global seed", auto g = torch::globalContext().defaultGenerator(torch::kCPU);
     g.set_current_seed(99); return torch::rand({2}););
  RB(
      "mutex", auto g = at::detail::getDefaultCPUGenerator(); {
        std::lock_guard<std::mutex> lock(g.mutex());
        g.set_current_seed(3);
      } return torch::rand({2}, g););
  RB(
      "mutex unique", auto g = at::detail::getDefaultCPUGenerator(); {
        std::unique_lock<std::mutex> lock(g.mutex());
        g.set_current_seed(3);
        lock.unlock();
      } return torch::rand({2}, g););
  RB("undefined", return torch::rand({2}, torch::Generator()););
  RB("undefined inplace", return torch::zeros({2}).normal_(0, 1, torch::Generator()););
  RB("undefined optional", return torch::rand({2}, torch::optional<torch::Generator>()););
  RB("nullopt", return torch::zeros({2}).uniform_(0, 1, torch::nullopt););
  RB("equal", auto g = torch::make_generator<torch::CPUGeneratorImpl>(5); auto h = g;
     return (g == h) + 10 * (g != at::detail::getDefaultCPUGenerator()););
  RB("check_generator", auto g = torch::make_generator<torch::CPUGeneratorImpl>(5);
     auto* p = torch::check_generator<torch::CPUGeneratorImpl>(g); std::ostringstream o;
     o << p->random() << ' ' << p->random64() << ' ' << p->current_seed(); return o.str(););
  RB("get impl", auto g = torch::make_generator<torch::CPUGeneratorImpl>(5);
     auto* p = g.get<torch::CPUGeneratorImpl>(); std::ostringstream o;
     o << p->random() << ' ' << p->random64() << ' ' << p->current_seed(); return o.str(););
  RB("seed()", auto g = torch::make_generator<torch::CPUGeneratorImpl>(5); uint64_t s = g.seed();
     return s == g.current_seed(););
  RB("grad", Tensor w = torch::ones({2}).requires_grad_(); w.normal_(); return w;);
  RB(
      "grad names", auto nm =
                        [](const Tensor& q) {
                          return q.grad_fn() ? q.grad_fn()->name() + " " : std::string("none ");
                        };
      Tensor w = torch::ones({2}).requires_grad_(); std::ostringstream o; Tensor y = w * 2;
      y.geometric_(0.5); o << nm(y); y = w * 2; y.cauchy_(); o << nm(y); y = w * 2; y.log_normal_();
      o << nm(y); y = w * 2; y.normal_(); o << nm(y); y = w * 2; y.uniform_(); o << nm(y);
      y = w * 2; y.exponential_(); o << nm(y); y = w * 2; y.bernoulli_(); o << nm(y); y = w * 2;
      y.bernoulli_(torch::ones({2})); o << nm(y); y = w * 2; y.random_(); o << nm(y); y = w * 2;
      y.random_(3); o << nm(y); y = w * 2; y.random_(1, 3); o << nm(y);
      o << nm(torch::bernoulli(w)); o << nm(torch::bernoulli(w, 0.5)); o << nm(at::normal(w, 1.));
      o << nm(at::normal(1., w)); o << nm(at::normal(w, w)); return o.str(););
  RB("empty draws", torch::randn({0}); torch::rand({0}); torch::zeros({0}).normal_();
     return torch::rand({1}););
  RB("cached normal survives", Tensor a = torch::randn({1}); torch::rand({3});
     Tensor b = torch::randn({1}); return std::make_pair(a, b););
  RB("manual_seed clears cache", Tensor a = torch::randn({1}); torch::manual_seed(42);
     Tensor b = torch::randn({1}); return std::make_pair(a, b););
  RB("mixed", Tensor a = torch::randn({3}); Tensor b = torch::randn({20});
     Tensor c = torch::randn({3}, torch::kDouble); Tensor d = torch::zeros({3}).log_normal_();
     return std::vector<Tensor>{a, b, c, d};);
  RB("big seed", torch::manual_seed(0xFFFFFFFFFFFFFFFFull); return torch::rand({2}););
  RB("seed hi", torch::manual_seed((1ull << 32) + 7); Tensor a = torch::rand({2});
     torch::manual_seed(7); return std::make_pair(a, torch::rand({2})););
  // threads
  RB("parallel_for", torch::set_num_threads(1); std::vector<int64_t> v(100); int calls = 0;
     torch::parallel_for(0, 100, 10,
                         [&](int64_t b, int64_t e) {
                           ++calls;
                           for (int64_t i = b; i < e; ++i) v[i] = i;
                         });
     return calls + v[99];);
  RB("parallel_for empty", int calls = 0;
     torch::parallel_for(5, 5, 10, [&](int64_t, int64_t) { ++calls; }); return calls;);
  RB("parallel_for backward", int calls = 0;
     torch::parallel_for(5, 3, 10, [&](int64_t, int64_t) { ++calls; }); return calls;);
  RB("parallel_for grain 0", torch::set_num_threads(1); int calls = 0;
     torch::parallel_for(0, 100, 0, [&](int64_t, int64_t) { ++calls; }); return calls;);
  RB("parallel_for throw", torch::set_num_threads(1);
     torch::parallel_for(0, 100, 10, [](int64_t, int64_t) { throw std::runtime_error("mine"); });
     return 0;);
  RB("parallel_reduce", torch::set_num_threads(1); return torch::parallel_reduce(
         0, 100, 10, int64_t{0},
         [](int64_t b, int64_t e, int64_t s) {
           for (int64_t i = b; i < e; ++i) s += i;
           return s;
         },
         [](int64_t a, int64_t b) { return a + b; }););
  RB("threads", std::ostringstream o; torch::set_num_threads(1);
     o << torch::get_num_threads() << torch::in_parallel_region() << torch::get_thread_num();
     torch::init_num_threads(); return o.str(););
  RB("set_num_threads(0)", torch::set_num_threads(0); return 0;);
  RB("interop", return torch::get_num_interop_threads() > 0;);
  RB("set_interop", torch::set_num_interop_threads(2); return torch::get_num_interop_threads(););
  RB("set_interop 0", torch::set_num_interop_threads(0); return 0;);
}

}  // namespace parity::surface
