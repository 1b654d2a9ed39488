// Gradients of gradients through every layer, loss and functional, in float64.
#include <cmath>

#include "parity/autograd_cases.h"

namespace parity::autograd_cases {
namespace nn = torch::nn;
namespace F = torch::nn::functional;
using torch::autograd::grad;
namespace {

Tensor wave(torch::IntArrayRef sizes, double phase) {
  int64_t numel = 1;
  for (int64_t size : sizes) numel *= size;
  return torch::sin(torch::arange(numel, torch::kFloat64) * 0.37 + phase).reshape(sizes);
}

Tensor weighted(const std::vector<Tensor>& tensors, double phase) {
  Tensor total = torch::zeros({}, torch::kFloat64);
  for (const Tensor& x : tensors) {
    if (x.defined()) total = total + (x * wave(x.sizes(), phase += 0.7)).sum();
  }
  return total;
}

// The gradients of a weighted sum of the outputs, those of a weighted sum of these, and so on. What
// does not matter is zero: which zeros are tensors differs within libtorch already.
void second(Recorder& r, const std::string& name, const std::vector<Tensor>& outputs,
            const variable_list& inputs) {
  variable_list grads;
  Tensor total = weighted(outputs, 0.3);
  for (const char* order : {" first ", " second ", " third "}) {
    grads = total.requires_grad() ? grad({total}, inputs, {}, true, true, true)
                                  : variable_list(inputs.size());
    for (size_t i = 0; i < inputs.size(); ++i) {
      r.value(name + order + std::to_string(i),
              grads[i].defined() ? grads[i] : torch::zeros_like(inputs[i]));
    }
    total = weighted(grads, 1.3);
  }
}

template <class M>
void layer(Recorder& r, const std::string& name, M module, const Tensor& x) {
  module->to(torch::kFloat64);
  module->eval();
  const Tensor input = x.is_floating_point() ? x.detach().clone().requires_grad_() : x;
  variable_list inputs = module->parameters();
  if (input.requires_grad()) inputs.push_back(input);
  second(r, name, {module->forward(input)}, inputs);
}

template <class Forward>
void function(Recorder& r, const std::string& name, const Forward& forward) {
  const Tensor x = wave({3, 4}, 0.2).requires_grad_();
  second(r, name, {forward(x)}, {x});
}

template <class M>
std::vector<Tensor> outputs_of(M& module, const Tensor& x, const Tensor& h) {
  const auto [y, last] = module->forward(x, h);
  return {y, last};
}
std::vector<Tensor> outputs_of(nn::LSTM& module, const Tensor& x, const Tensor& h) {
  const auto [y, last] = module->forward(x, std::make_tuple(h, h * 0.5));
  return {y, std::get<0>(last), std::get<1>(last)};
}

template <class M>
void network(Recorder& r, const std::string& name, M module, int64_t states) {
  module->to(torch::kFloat64);
  const Tensor x = wave({3, 2, 3}, 0.2).requires_grad_(),
               h = wave({states, 2, 2}, 0.9).requires_grad_();
  variable_list inputs = module->parameters();
  inputs.push_back(x);
  inputs.push_back(h);
  second(r, name, outputs_of(module, x, h), inputs);
}

}  // namespace
}  // namespace parity::autograd_cases

PARITY_PROGRAM(autograd_second_order_layers) {
  using namespace parity::autograd_cases;
  const Tensor x = wave({4, 3}, 0.2);
  layer(r, "linear", nn::Linear(3, 2), x);
  layer(r, "linear of a vector", nn::Linear(3, 2), x[0]);
  layer(r, "linear without bias", nn::Linear(nn::LinearOptions(3, 2).bias(false)),
        wave({2, 2, 3}, 1));
  layer(r, "identity", nn::Identity(), x);
  layer(r, "flatten", nn::Flatten(), wave({2, 2, 2}, 0));
  layer(r, "sigmoid", nn::Sigmoid(), x);
  layer(r, "tanh", nn::Tanh(), x);
  layer(r, "relu", nn::ReLU(), x);
  layer(r, "leaky_relu", nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2)), x);
  layer(r, "softmax", nn::Softmax(1), x);
  layer(r, "softmax 0", nn::Softmax(0), x);
  layer(r, "log_softmax", nn::LogSoftmax(1), x);
  layer(r, "dropout", nn::Dropout(0.5), x);
  layer(r, "layer_norm", nn::LayerNorm(nn::LayerNormOptions({3})), x);
  layer(r, "layer_norm 2d", nn::LayerNorm(nn::LayerNormOptions({4, 3}).eps(0.01)),
        wave({2, 4, 3}, 1));
  layer(r, "layer_norm plain", nn::LayerNorm(nn::LayerNormOptions({3}).elementwise_affine(false)),
        x);
  layer(r, "embedding", nn::Embedding(5, 3), torch::tensor({{1, 2, 1}, {0, 4, 2}}));
  layer(r, "embedding padded", nn::Embedding(nn::EmbeddingOptions(5, 3).padding_idx(2)),
        torch::tensor({{1, 2, 1}, {0, 4, 2}}));
  layer(r, "sequential",
        nn::Sequential(nn::Linear(3, 4), nn::Tanh(), nn::LayerNorm(nn::LayerNormOptions({4})),
                       nn::Linear(4, 2), nn::LogSoftmax(1)),
        x);
}

PARITY_PROGRAM(autograd_second_order_recurrent) {
  using namespace parity::autograd_cases;
  network(r, "rnn", nn::RNN(nn::RNNOptions(3, 2)), 1);
  network(r, "rnn relu", nn::RNN(nn::RNNOptions(3, 2).nonlinearity(torch::kReLU)), 1);
  network(r, "rnn deep", nn::RNN(nn::RNNOptions(3, 2).num_layers(2).bidirectional(true)), 4);
  network(r, "gru", nn::GRU(nn::GRUOptions(3, 2)), 1);
  network(r, "gru without bias", nn::GRU(nn::GRUOptions(3, 2).bias(false)), 1);
  network(r, "gru deep", nn::GRU(nn::GRUOptions(3, 2).num_layers(2).bidirectional(true)), 4);
  network(r, "lstm", nn::LSTM(nn::LSTMOptions(3, 2)), 1);
  network(r, "lstm without bias", nn::LSTM(nn::LSTMOptions(3, 2).bias(false)), 1);
  network(r, "lstm deep", nn::LSTM(nn::LSTMOptions(3, 2).num_layers(2).bidirectional(true)), 4);

  const Tensor x = wave({2, 3}, 0.2).requires_grad_(), h = wave({2, 4}, 0.9).requires_grad_();
  const auto cell = [&](const std::string& name, auto module, auto forward) {
    module->to(torch::kFloat64);
    variable_list inputs = module->parameters();
    inputs.push_back(x);
    inputs.push_back(h);
    second(r, name, forward(module), inputs);
  };
  const auto twice = [&](auto& module) { return std::vector<Tensor>{module(x, module(x, h))}; };
  cell("rnn cell", nn::RNNCell(3, 4), twice);
  cell("rnn cell relu", nn::RNNCell(nn::RNNCellOptions(3, 4).nonlinearity(torch::kReLU)), twice);
  cell("gru cell", nn::GRUCell(3, 4), twice);
  cell("gru cell without bias", nn::GRUCell(nn::GRUCellOptions(3, 4).bias(false)), twice);
  cell("lstm cell", nn::LSTMCell(3, 4), [&](auto& module) {
    const auto [h1, c1] = module(x, module(x, std::make_tuple(h, h * 0.5)));
    return std::vector<Tensor>{h1, c1};
  });
}

PARITY_PROGRAM(autograd_second_order_functions) {
  using namespace parity::autograd_cases;
  const Tensor t = wave({3, 4}, 1.3), p = torch::sigmoid(t), signs = torch::sign(wave({3, 4}, 0.7));
  const Tensor classes = torch::tensor({1, 0, 3}), pairs = torch::tensor({1, -1, 1});
  const Tensor factors = torch::tensor({0.5, 2.0, 1.0, 3.0}, torch::kFloat64);
#define SECOND(name, ...) function(r, name, [&](const Tensor& x) { return __VA_ARGS__; })
  SECOND("mse", F::mse_loss(x, t));
  SECOND("mse none", F::mse_loss(x, t, F::MSELossFuncOptions(torch::kNone)));
  SECOND("l1", F::l1_loss(x, t));
  SECOND("smooth l1", F::smooth_l1_loss(x, t));
  SECOND("huber", F::huber_loss(x, t, F::HuberLossFuncOptions(torch::kSum).delta(0.7)));
  SECOND("soft margin", F::soft_margin_loss(x, signs));
  SECOND("kl", F::kl_div(x, p));
  SECOND("kl of targets", F::kl_div(t, torch::sigmoid(x)));
  SECOND("kl log", F::kl_div(x, t, F::KLDivFuncOptions(torch::kBatchMean).log_target(true)));
  SECOND("poisson", F::poisson_nll_loss(x, p));
  SECOND("bce", F::binary_cross_entropy(torch::sigmoid(x), p));
  SECOND("bce none",
         F::binary_cross_entropy(
             torch::sigmoid(x), p,
             F::BinaryCrossEntropyFuncOptions().weight(factors).reduction(torch::kNone)));
  SECOND("bce logits", F::binary_cross_entropy_with_logits(x, p));
  SECOND(
      "bce logits weighted",
      F::binary_cross_entropy_with_logits(
          x, p, F::BinaryCrossEntropyWithLogitsFuncOptions().weight(factors).pos_weight(factors)));
  SECOND("nll", F::nll_loss(torch::log_softmax(x, 1), classes));
  SECOND("nll weighted", F::nll_loss(torch::log_softmax(x, 1), classes,
                                     F::NLLLossFuncOptions().weight(factors).ignore_index(0)));
  SECOND("nll none", F::nll_loss(torch::log_softmax(x, 1), classes,
                                 F::NLLLossFuncOptions().reduction(torch::kNone)));
  SECOND("cross entropy", F::cross_entropy(x, classes));
  SECOND("cross entropy smoothed",
         F::cross_entropy(x, classes,
                          F::CrossEntropyFuncOptions().label_smoothing(0.1).weight(factors)));
  SECOND("cross entropy of probabilities", F::cross_entropy(x, p));
  SECOND("cosine embedding", F::cosine_embedding_loss(x, t, pairs));
  SECOND("hinge embedding", F::hinge_embedding_loss(x, signs));
  SECOND("margin ranking", F::margin_ranking_loss(x, t, signs));
  SECOND("triplet", F::triplet_margin_loss(x, t, p));
  SECOND("triplet swapped",
         F::triplet_margin_loss(t, x, p, F::TripletMarginLossFuncOptions().margin(3).swap(true)));
  SECOND("layer_norm",
         F::layer_norm(x, F::LayerNormFuncOptions({4}).weight(factors).bias(factors)));
  SECOND("linear", F::linear(x, wave({2, 4}, 0.5), wave({2}, 0.6)));
  SECOND("linear of itself", F::linear(x, x, x.sum(1)));
  SECOND("dropout", F::dropout(x, F::DropoutFuncOptions().training(false)));
  SECOND("softmax", F::softmax(x, 0));
  SECOND("attention", torch::softmax(x.mm(x.t()) / std::sqrt(4.0), 1).mm(x));
  SECOND("embedding", F::embedding(torch::tensor({{1, 2}, {0, 2}}), x));
  SECOND("bilinear", torch::bmm(x.unsqueeze(2), (x * x).unsqueeze(1)));
  SECOND("norm", x.norm() + x.norm(2, {1}).sum());
  SECOND("std", x.std() + x.var(0, true).sum());
  SECOND("prod", x.prod() + x.prod(1).sum());
  SECOND("cumprod", x.cumprod(1));
  SECOND("logsumexp", x.logsumexp(1));
  SECOND("pow", (x * x + 1).pow(x));
  SECOND("erfinv", (x * 0.5).erfinv());
  SECOND("gates", torch::sigmoid(x.chunk(2, 1)[0]) * torch::tanh(x.chunk(2, 1)[1]));
  SECOND("sorted", (std::get<0>(x.sort(1)) * std::get<0>(x.max(1, true))));
  SECOND("in place", (x * 1).mul_(x).add_(x.exp()).tanh_());
  SECOND("in a view", [&] {
    Tensor y = x * x;
    y.select(1, 1).mul_(x.sum());
    y[0].copy_(x[1] * x[2]);
    return y * y;
  }());
#undef SECOND
}
