// Misuses: both libraries throw, and libtorch's first sentence stands in taper's message.
#include <vector>

#include "parity/parity.h"

namespace {
using torch::Tensor;
namespace nn = torch::nn;
namespace F = torch::nn::functional;
}  // namespace

PARITY_PROGRAM(errors_of_tensors) {
  const Tensor a = torch::ones({2, 3}), b = torch::ones({4, 5}), v = torch::ones({3});
  const Tensor ints = torch::arange(6).view({2, 3}), flags = ints.gt(2);
#define MISUSE(expression) r.error(#expression, [&] { static_cast<void>(expression); })
  // Shapes
  MISUSE(a + b);
  MISUSE(a.mm(b));
  MISUSE(a.mm(v));
  MISUSE(a.mv(torch::ones({2})));
  MISUSE(a.matmul(torch::ones({2})));
  MISUSE(a.bmm(b));
  MISUSE(torch::bmm(torch::ones({2, 3, 4}), torch::ones({2, 3, 4})));
  MISUSE(v.dot(torch::ones({4})));
  MISUSE(torch::addmm(v, a, b));
  MISUSE(a.view({4, 2}));
  MISUSE(a.view({-1, -1}));
  MISUSE(a.view({-1, 4}));
  MISUSE(a.reshape({5}));
  MISUSE(a.t().view({6}));
  MISUSE(a.expand({3, 3}));
  MISUSE(a.expand({3}));
  MISUSE(a.squeeze(5));
  MISUSE(a.unsqueeze(4));
  MISUSE(a.transpose(0, 3));
  MISUSE(a.permute({0}));
  MISUSE(a.permute({0, 0}));
  MISUSE(torch::ones({2, 2, 2}).t());
  MISUSE(torch::cat({a, b}));
  MISUSE(torch::cat(std::vector<Tensor>{}));
  MISUSE(torch::stack({a, v}));
  MISUSE(torch::stack(std::vector<Tensor>{}));
  MISUSE(a.narrow(0, 1, 5));
  MISUSE(a.narrow(0, 0, -1));
  MISUSE(a.slice(0, 0, 2, 0));
  MISUSE(a.chunk(0));
  MISUSE(a.split(-1));
  MISUSE(a.split_with_sizes({1, 5}));
  MISUSE(a.flatten(1, 0));
  MISUSE(a.repeat({2}));
  MISUSE(a.clone().copy_(b));
  MISUSE(a.clone().add_(torch::ones({2, 2, 3})));
  MISUSE(torch::where(flags, a, b));
  MISUSE(torch::zeros({-1}));
  MISUSE(torch::full({2, -3}, 1));
  // Indices
  MISUSE(a[2]);
  MISUSE(a[0][0][0]);
  MISUSE(a[0][0][0][0]);
  MISUSE(a.select(1, 7));
  MISUSE(a.select(3, 0));
  MISUSE(a.index({0, 1, 2}));
  MISUSE(a.index({5}));
  MISUSE(a.index({torch::tensor({0, 2})}));
  MISUSE(a.index({torch::ones({2})}));
  MISUSE(a.index({torch::ones({3}, torch::kBool)}));
  MISUSE(a.index({torch::tensor({0, 1}), torch::tensor({0, 1, 2})}));
  MISUSE(a.index_select(0, torch::tensor({3})));
  MISUSE(a.index_select(0, torch::tensor({{0}})));
  MISUSE(a.gather(0, torch::tensor({0})));
  MISUSE(a.gather(0, torch::tensor({{5}})));
  MISUSE(a.masked_select(torch::ones({2})));
  MISUSE(torch::embedding(a, torch::ones({2})));
  // Dtypes
  MISUSE(a.mm(torch::ones({3, 2}, torch::kFloat64)));
  MISUSE(ints.clone().add_(a));
  MISUSE(ints.clone().div_(2));
  MISUSE(ints.mean());
  MISUSE(ints.var());
  MISUSE(ints.norm());
  MISUSE(flags - flags);
  MISUSE(-flags);
  MISUSE(ints / torch::zeros_like(ints) * torch::floor_divide(ints, torch::zeros_like(ints)));
  MISUSE(ints.remainder(0));
  MISUSE(ints.pow(-1));
  MISUSE(a.data_ptr<double>());
  MISUSE(a.item());
  MISUSE(a.item<float>());
  MISUSE((a.accessor<float, 3>()));
  MISUSE(ints.softmax(0));
  MISUSE(torch::tensor(300).to(torch::kInt64).item<uint8_t>());
  MISUSE(torch::arange(1, 5, 0));
  MISUSE(torch::arange(1, 5, -1));
  MISUSE(torch::linspace(0, 1, -2));
  MISUSE(torch::randint(5, 5, {2}));
  MISUSE(torch::randperm(-1));
  MISUSE(torch::normal(0, -1, {2}));
  MISUSE(torch::dropout(a, 1.5, true));
  MISUSE(torch::empty({2}).uniform_(2, 1));
  MISUSE(torch::empty({2}).bernoulli_(1.5));
  MISUSE(torch::empty({2}).exponential_(-1));
  MISUSE(torch::multinomial(torch::ones({3}), 4));
  MISUSE(torch::multinomial(torch::zeros({3}), 1));
  MISUSE(torch::multinomial(-torch::ones({3}), 1));
  // Reductions
  MISUSE(a.sum(4));
  MISUSE(a.sum(at::IntArrayRef({0, 0})));
  MISUSE(torch::empty({0}).max());
  MISUSE(torch::empty({0, 2}).max(0));
  MISUSE(torch::empty({0}).argmax());
  MISUSE(a.topk(7));
  MISUSE(a.sort(2));
  MISUSE(a.cumsum(2));
  MISUSE(a.item<int64_t>());
  MISUSE(torch::Device("cuda:x"));
#undef MISUSE
}

PARITY_PROGRAM(errors_of_autograd) {
  const auto leaf = [] { return torch::ones({2}, torch::requires_grad()); };
  r.error("not a scalar", [&] { (leaf() * 2).backward(); });
  r.error("nothing recorded", [&] { torch::ones({1}).backward(); });
  r.error("twice", [&] {
    Tensor y = leaf().pow(2).sum();
    y.backward();
    y.backward();
  });
  r.error("leaf in place", [&] { leaf().add_(1); });
  r.error("view of a leaf in place", [&] {
    Tensor x = leaf();
    x.slice(0, 0, 1).mul_(2);
  });
  r.error("changed since", [&] {
    Tensor x = leaf();
    Tensor y = x.exp();
    y.add_(1);
    y.sum().backward();
  });
  r.error("gradient of another shape", [&] { (leaf() * 2).backward(torch::ones({3})); });
  r.error("integers", [&] { torch::arange(3).requires_grad_(); });
  r.error("unused", [&] {
    Tensor x = leaf(), y = leaf();
    torch::autograd::grad({x.sum()}, {y});
  });
  r.error("not a leaf", [&] { (leaf() * 2).requires_grad_(false); });
  r.error("hook", [&] { torch::ones({2}).register_hook([](Tensor g) { return g; }); });
  r.error("retain_grad", [&] { torch::ones({2}).retain_grad(); });
  r.error("detach of a view in place", [&] { (leaf() * 2).slice(0, 0, 1).detach_(); });
  r.error("anomaly", [&] {
    torch::autograd::DetectAnomalyGuard guard;
    ((leaf() - 2).sqrt() * 0).sum().backward();
  });
  r.error("anomaly for all", [&] {
    torch::autograd::AnomalyMode::set_enabled(true);
    const bool on = torch::autograd::AnomalyMode::is_enabled();
    Tensor y = (leaf() - 1).pow(-1) * (leaf() - 1);
    try {
      y.sum().backward();
    } catch (...) {
      torch::autograd::AnomalyMode::set_enabled(false);
      if (on) throw;
    }
  });
}

PARITY_PROGRAM(errors_of_modules) {
  const Tensor x = torch::ones({2, 3});
  r.error("linear", [&] { nn::Linear(4, 5)(x); });
  r.error("linear dtype", [&] { nn::Linear(3, 5)(x.to(torch::kFloat64)); });
  r.error("empty holder", [&] { nn::Linear(nullptr)->forward(x); });
  r.error("empty sequential", [&] { nn::Sequential()->forward(x); });
  r.error("sequential index", [&] { nn::Sequential(nn::Linear(1, 2))->ptr(3); });
  r.error("sequential type", [&] { nn::Sequential(nn::Linear(1, 2))->at<nn::ReLUImpl>(0); });
  r.error("sequential argument", [&] { nn::Sequential(nn::Linear(1, 2))->forward(3); });
  r.error("sequential result", [&] { nn::Sequential(nn::Linear(3, 2))->forward<int>(x); });
  r.error("two arguments", [&] { nn::Sequential(nn::Linear(3, 2))->forward(x, x); });
  struct Net : nn::Module {
    void twice() {
      register_parameter("w", torch::ones({1}));
      register_parameter("w", torch::ones({1}));
    }
    void dotted() { register_parameter("a.b", torch::ones({1})); }
    void nameless() { register_module("", nn::Linear(1, 1)); }
    void integer() { register_parameter("i", torch::arange(3)); }
    void buffers() {
      register_buffer("b", torch::ones({1}));
      register_buffer("b", torch::ones({1}));
    }
  };
  r.error("parameter twice", [&] { Net().twice(); });
  r.error("dotted name", [&] { Net().dotted(); });
  r.error("no name", [&] { Net().nameless(); });
  r.error("buffer twice", [&] { Net().buffers(); });
  r.error("no clone", [&] { Net().clone(); });
  r.error("modules of a module on the stack", [&] { Net().modules(); });
  r.error("dropout", [&] { nn::Dropout(1.5); });
  r.error("embedding index", [&] { nn::Embedding(3, 2)(torch::tensor({3})); });
  r.error("embedding padding", [&] { nn::Embedding(nn::EmbeddingOptions(3, 2).padding_idx(3)); });
  r.error("layer norm", [&] { nn::LayerNorm(nn::LayerNormOptions({4}))(x); });
  r.error("lstm input", [&] { nn::LSTM(4, 5)(torch::ones({2, 3, 3})); });
  r.error("gru state", [&] { nn::GRU(3, 5)(torch::ones({2, 3, 3}), torch::ones({1, 2, 5})); });
  r.error("projection", [&] { nn::LSTM(nn::LSTMOptions(3, 4).proj_size(4)); });
  r.error("gru cell", [&] { nn::GRUCell(3, 4)(torch::ones({2, 4})); });
  r.error("lstm cell state", [&] {
    nn::LSTMCell(3, 4)(x, std::make_tuple(torch::ones({3, 4}), torch::ones({2, 4})));
  });
  r.error("cross entropy", [&] { F::cross_entropy(x, torch::tensor({0, 3})); });
  r.error("cross entropy batch", [&] { F::cross_entropy(x, torch::tensor({0})); });
  r.error("nll dtype", [&] { F::nll_loss(x, torch::ones({2})); });
  r.error("bce", [&] { F::binary_cross_entropy(x * 2, x); });
  r.error("bce sizes", [&] { F::binary_cross_entropy(x, torch::ones({3})); });
  r.error("fans", [&] { nn::init::xavier_uniform_(torch::ones({3})); });
  r.error("eye", [&] { nn::init::eye_(torch::ones({3})); });
  r.error("sgd rate", [&] { torch::optim::SGD({x}, torch::optim::SGDOptions(-1)); });
  r.error("nesterov",
          [&] { torch::optim::SGD({x}, torch::optim::SGDOptions(0.1).nesterov(true)); });
  r.error("adam betas", [&] {
    torch::optim::Adam({x}, torch::optim::AdamOptions(0.1).betas(std::make_tuple(1.5, 0.9)));
  });
  r.error("adam eps", [&] { torch::optim::Adam({x}, torch::optim::AdamOptions(0.1).eps(-1)); });
  r.error("not a leaf", [&] {
    torch::optim::SGD({torch::ones({1}, torch::requires_grad()) * 2},
                      torch::optim::SGDOptions(0.1));
  });
  torch::OrderedDict<std::string, int> dict;
  dict.insert("a", 1);
  r.error("dict twice", [&] { dict.insert("a", 2); });
  r.error("dict missing", [&] { dict["b"]; });
  r.error("dict index", [&] { dict[4]; });
  r.error("dict erase", [&] { dict.erase("b"); });
  r.error("check", [&] { TORCH_CHECK(dict.size() == 2, "dict has ", dict.size(), " items"); });
  r.error("index check", [&] { TORCH_CHECK_INDEX(false, "index ", 3); });
}
