// Every layer and loss: default weights, forward and gradients, in eval and in training.
#include <functional>
#include <vector>

#include "parity/parity.h"

namespace {

namespace nn = torch::nn;
namespace F = torch::nn::functional;
using torch::Tensor;

void weights(parity::Recorder& r, const std::string& name, const nn::Module& module) {
  for (const auto& p : module.named_parameters()) r.draw(name + " " + p.key(), p.value().detach());
  for (const auto& b : module.named_buffers()) r.value(name + " buffer " + b.key(), b.value());
}

// The results, weighed differently element by element, into the gradients of inputs and weights.
void backward(parity::Recorder& r, const std::string& name, const std::vector<Tensor>& outputs,
              const std::vector<Tensor>& inputs, const nn::Module* module) {
  Tensor sum = torch::zeros({}, outputs.front().options());
  for (const Tensor& y : outputs) {
    sum = sum + (y * (torch::arange(y.numel(), y.options()).view(y.sizes()) * 0.37 + 0.5)).sum();
  }
  sum.backward();
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i].requires_grad()) continue;
    r.value(name + " input " + std::to_string(i) + " gradient", inputs[i].grad());
    inputs[i].mutable_grad() = Tensor();
  }
  if (module == nullptr) return;
  for (const auto& p : module->named_parameters()) {
    r.value(name + " gradient of " + p.key(), p.value().grad());
    p.value().mutable_grad() = Tensor();
  }
}

using Run = std::function<std::vector<Tensor>(const std::vector<Tensor>&)>;

// A layer in float32 and float64, training and not.
void layer(parity::Recorder& r, const std::string& name, nn::Module& module,
           const std::vector<Tensor>& inputs, const Run& run) {
  weights(r, name, module);
  for (const torch::ScalarType dtype : {torch::kFloat32, torch::kFloat64}) {
    module.to(dtype);
    std::vector<Tensor> leaves;
    for (const Tensor& x : inputs) {
      leaves.push_back(x.is_floating_point() ? x.to(dtype, false, true).requires_grad_() : x);
    }
    for (const bool training : {false, true}) {
      module.train(training);
      torch::manual_seed(5);
      const std::string run_name =
          name + " " + c10::str(dtype) + (training ? " training" : " eval");
      const std::vector<Tensor> outputs = run(leaves);
      for (size_t i = 0; i < outputs.size(); ++i) {
        r.value(run_name + " output " + std::to_string(i), outputs[i]);
      }
      backward(r, run_name, outputs, leaves, &module);
    }
  }
}

template <class Holder>
void simple(parity::Recorder& r, const std::string& name, Holder module, const Tensor& input) {
  layer(r, name, *module, {input},
        [&](const std::vector<Tensor>& in) { return std::vector<Tensor>{module->forward(in[0])}; });
}

}  // namespace

PARITY_PROGRAM(layers) {
  const Tensor x = torch::randn({3, 4});
  simple(r, "linear", nn::Linear(4, 5), x);
  simple(r, "linear without bias", nn::Linear(nn::LinearOptions(4, 2).bias(false)), x);
  simple(r, "linear in 3-D", nn::Linear(4, 5), torch::randn({2, 3, 4}));
  simple(r, "identity", nn::Identity(), x);
  simple(r, "flatten", nn::Flatten(), torch::randn({2, 3, 4}));
  simple(r, "flatten all", nn::Flatten(nn::FlattenOptions().start_dim(0)), torch::randn({2, 3, 4}));
  simple(r, "relu", nn::ReLU(), x);
  simple(r, "leaky relu", nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.3)), x);
  simple(r, "sigmoid", nn::Sigmoid(), x);
  simple(r, "tanh", nn::Tanh(), x);
  simple(r, "softmax", nn::Softmax(1), x);
  simple(r, "log softmax", nn::LogSoftmax(nn::LogSoftmaxOptions(0)), x);
  simple(r, "dropout", nn::Dropout(0.3), torch::randn({20, 5}));
  simple(r, "dropout of transposed", nn::Dropout(0.3), torch::randn({20, 5}).t());
  simple(r, "layer norm", nn::LayerNorm(nn::LayerNormOptions({4})), x);
  simple(r, "layer norm of two", nn::LayerNorm(nn::LayerNormOptions({3, 4}).eps(1e-3)),
         torch::randn({2, 3, 4}));
  simple(r, "plain layer norm", nn::LayerNorm(nn::LayerNormOptions({4}).elementwise_affine(false)),
         x);
  const Tensor indices = torch::tensor({{1, 0, 3}, {3, 6, 1}});
  simple(r, "embedding", nn::Embedding(7, 3), indices);
  simple(r, "padded embedding", nn::Embedding(nn::EmbeddingOptions(7, 3).padding_idx(3)), indices);
  simple(r, "embedding of 2-norm", nn::Embedding(nn::EmbeddingOptions(7, 3).max_norm(1.0)),
         indices);
  {
    nn::Sequential sequence(nn::Linear(4, 6), nn::Tanh(), nn::Dropout(0.5), nn::Linear(6, 2));
    layer(r, "sequential", *sequence, {x}, [&](const std::vector<Tensor>& in) {
      return std::vector<Tensor>{sequence->forward(in[0])};
    });
  }
}

PARITY_PROGRAM(recurrent) {
  const Tensor x = torch::randn({5, 3, 4});
  for (const bool bidirectional : {false, true}) {
    for (const int64_t layers : {1, 2}) {
      const std::string suffix =
          std::string(bidirectional ? " both ways " : " ") + std::to_string(layers);
      const double dropout = layers > 1 ? 0.4 : 0.0;
      const int64_t states = layers * (bidirectional ? 2 : 1);
      const Tensor h = torch::randn({states, 3, 6}), c = torch::randn({states, 3, 6});
      nn::RNN rnn(
          nn::RNNOptions(4, 6).num_layers(layers).dropout(dropout).bidirectional(bidirectional));
      layer(r, "rnn" + suffix, *rnn, {x, h}, [&](const std::vector<Tensor>& in) {
        auto [y, last] = rnn(in[0], in[1]);
        return std::vector<Tensor>{y, last};
      });
      nn::RNN relu(nn::RNNOptions(4, 6)
                       .num_layers(layers)
                       .dropout(dropout)
                       .bidirectional(bidirectional)
                       .nonlinearity(torch::kReLU));
      layer(r, "relu rnn" + suffix, *relu, {x}, [&](const std::vector<Tensor>& in) {
        auto [y, last] = relu(in[0]);
        return std::vector<Tensor>{y, last};
      });
      nn::GRU gru(
          nn::GRUOptions(4, 6).num_layers(layers).dropout(dropout).bidirectional(bidirectional));
      layer(r, "gru" + suffix, *gru, {x, h}, [&](const std::vector<Tensor>& in) {
        auto [y, last] = gru(in[0], in[1]);
        return std::vector<Tensor>{y, last};
      });
      nn::GRU first(nn::GRUOptions(4, 6)
                        .num_layers(layers)
                        .dropout(dropout)
                        .bidirectional(bidirectional)
                        .batch_first(true)
                        .bias(false));
      layer(r, "batch first gru" + suffix, *first, {x}, [&](const std::vector<Tensor>& in) {
        auto [y, last] = first(in[0]);
        return std::vector<Tensor>{y, last};
      });
      gru->flatten_parameters();
      r.print("weights" + suffix, gru->all_weights().size());
      std::string shapes;
      for (const Tensor& weight : gru->all_weights()) shapes += c10::str(weight.sizes());
      r.text("shapes of weights" + suffix, shapes);
      nn::LSTM lstm(
          nn::LSTMOptions(4, 6).num_layers(layers).dropout(dropout).bidirectional(bidirectional));
      layer(r, "lstm" + suffix, *lstm, {x, h, c}, [&](const std::vector<Tensor>& in) {
        auto [y, last] = lstm(in[0], std::make_tuple(in[1], in[2]));
        return std::vector<Tensor>{y, std::get<0>(last), std::get<1>(last)};
      });
      nn::LSTM projected(nn::LSTMOptions(4, 6)
                             .num_layers(layers)
                             .dropout(dropout)
                             .bidirectional(bidirectional)
                             .batch_first(true)
                             .proj_size(2));
      layer(r, "projected lstm" + suffix, *projected, {x}, [&](const std::vector<Tensor>& in) {
        auto [y, last] = projected(in[0]);
        return std::vector<Tensor>{y, std::get<0>(last), std::get<1>(last)};
      });
    }
  }
  const Tensor input = torch::randn({3, 4}), h = torch::randn({3, 6}), c = torch::randn({3, 6});
  nn::RNNCell rnn(4, 6);
  layer(r, "rnn cell", *rnn, {input, h},
        [&](const std::vector<Tensor>& in) { return std::vector<Tensor>{rnn(in[0], in[1])}; });
  nn::GRUCell cell(nn::GRUCellOptions(4, 6));
  layer(r, "gru cell", *cell, {input, h}, [&](const std::vector<Tensor>& in) {
    return std::vector<Tensor>{cell(in[0], in[1]), cell(in[0])};
  });
  nn::LSTMCell lstm(nn::LSTMCellOptions(4, 6).bias(false));
  layer(r, "lstm cell", *lstm, {input, h, c}, [&](const std::vector<Tensor>& in) {
    auto [hy, cy] = lstm(in[0], std::make_tuple(in[1], in[2]));
    return std::vector<Tensor>{hy, cy};
  });
}

PARITY_PROGRAM(losses) {
  const auto loss = [&](const std::string& name, const std::vector<Tensor>& inputs,
                        const std::function<Tensor(const std::vector<Tensor>&)>& f) {
    for (const torch::ScalarType dtype : {torch::kFloat32, torch::kFloat64}) {
      std::vector<Tensor> leaves;
      for (const Tensor& x : inputs) {
        leaves.push_back(x.is_floating_point() ? x.to(dtype, false, true).requires_grad_() : x);
      }
      const Tensor y = f(leaves);
      const std::string run_name = name + " " + c10::str(dtype);
      r.value(run_name, y);
      (y * (torch::arange(y.numel(), y.options()).view(y.sizes()) + 1)).sum().backward();
      for (size_t i = 0; i < leaves.size(); ++i) {
        if (leaves[i].is_floating_point() && leaves[i].grad().defined()) {
          r.value(run_name + " gradient " + std::to_string(i), leaves[i].grad());
        }
      }
    }
  };
  using V = std::vector<Tensor>;
  const Tensor x = torch::randn({4, 5}), y = torch::randn({4, 5});
  const Tensor p = torch::rand({4, 5}), q = torch::rand({4, 5});
  const Tensor classes = torch::tensor({1, 0, 4, 2});
  const Tensor weight = torch::rand({5});
  loss("mse", {x, y}, [](const V& in) { return F::mse_loss(in[0], in[1]); });
  loss("mse sum", {x, y},
       [](const V& in) { return F::mse_loss(in[0], in[1], F::MSELossFuncOptions(torch::kSum)); });
  loss("mse none", {x, y},
       [](const V& in) { return nn::MSELoss(nn::MSELossOptions(torch::kNone))(in[0], in[1]); });
  loss("l1", {x, y}, [](const V& in) { return F::l1_loss(in[0], in[1]); });
  loss("bce", {p, q}, [](const V& in) { return F::binary_cross_entropy(in[0], in[1].detach()); });
  loss("bce weighted", {p, q, weight}, [](const V& in) {
    return F::binary_cross_entropy(
        in[0], in[1].detach(),
        F::BinaryCrossEntropyFuncOptions().weight(in[2].detach()).reduction(torch::kSum));
  });
  loss("bce with logits", {x, q},
       [](const V& in) { return F::binary_cross_entropy_with_logits(in[0], in[1].detach()); });
  loss("bce with logits weighted", {x, q, weight}, [](const V& in) {
    return F::binary_cross_entropy_with_logits(
        in[0], in[1].detach(),
        F::BinaryCrossEntropyWithLogitsFuncOptions().pos_weight(in[2].detach()));
  });
  loss("nll", {torch::log_softmax(x, 1)}, [&](const V& in) { return F::nll_loss(in[0], classes); });
  loss("nll weighted", {torch::log_softmax(x, 1), weight}, [&](const V& in) {
    return F::nll_loss(in[0], classes,
                       F::NLLLossFuncOptions().weight(in[1].detach()).ignore_index(4));
  });
  loss("cross entropy", {x}, [&](const V& in) { return F::cross_entropy(in[0], classes); });
  loss("cross entropy smoothed", {x, weight}, [&](const V& in) {
    return F::cross_entropy(
        in[0], classes,
        F::CrossEntropyFuncOptions().label_smoothing(0.2).weight(in[1].detach()).ignore_index(0));
  });
  loss("cross entropy none", {x}, [&](const V& in) {
    return nn::CrossEntropyLoss(nn::CrossEntropyLossOptions().reduction(torch::kNone))(in[0],
                                                                                       classes);
  });
  loss("cross entropy of probabilities", {x, q},
       [](const V& in) { return F::cross_entropy(in[0], in[1].detach().softmax(1)); });
  loss("cross entropy in 3-D", {torch::randn({2, 3, 4})}, [](const V& in) {
    return F::cross_entropy(in[0], torch::tensor({{0, 1, 2, 0}, {2, 2, 1, 0}}));
  });
  loss("linear", {x, torch::randn({2, 5}), torch::randn({2})},
       [](const V& in) { return F::linear(in[0], in[1], in[2]); });
  loss("layer norm", {x, weight, torch::rand({5})}, [](const V& in) {
    return F::layer_norm(in[0], F::LayerNormFuncOptions({5}).weight(in[1]).bias(in[2]));
  });
  loss("functional activations", {x}, [](const V& in) {
    return F::relu(in[0]) + F::leaky_relu(in[0]) + torch::sigmoid(in[0]) + torch::tanh(in[0]) +
           F::softmax(in[0], 1) + F::log_softmax(in[0], 0) +
           F::dropout(in[0], F::DropoutFuncOptions().training(false));
  });
}
