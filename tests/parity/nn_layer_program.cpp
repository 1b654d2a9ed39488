// The layers without a sequence, nn::functional in both spellings of its options, nn::init and
// nn::utils.
#include "parity/parity.h"

namespace nn_layer {

namespace nn = torch::nn;
namespace F = torch::nn::functional;
using torch::Tensor;

Tensor values(torch::IntArrayRef sizes, double phase = 0.1,
              torch::ScalarType dtype = torch::kFloat64) {
  int64_t numel = 1;
  for (int64_t size : sizes) numel *= size;
  const Tensor x = torch::arange(numel, torch::kFloat64) * 0.37 + phase;
  return torch::sin(x).reshape(sizes).to(dtype);
}

// A function's value and gradient in two dtypes and on a transposed input.
template <class Function>
void function(parity::Recorder& r, const std::string& name, const Function& f) {
  for (torch::ScalarType dtype : {torch::kFloat64, torch::kFloat32}) {
    for (bool transposed : {false, true}) {
      const Tensor leaf = values({4, 3}, 0.4, dtype).requires_grad_();
      const Tensor y = f(transposed ? leaf.t() : leaf * 1);
      const std::string label =
          name + (transposed ? ".t" : "") + (dtype == torch::kFloat32 ? ".float" : "");
      r.layout(label, y);
      (y * values(y.sizes(), 1.1, y.scalar_type())).sum().backward();
      r.value(label + ".grad", leaf.grad());
    }
  }
}

template <class M>
void layer(parity::Recorder& r, const std::string& name, M module, const Tensor& input) {
  r.print(name + ".print", module);
  for (const auto& item : module->named_parameters()) {
    r.value(name + ".init." + item.key(), item.value());
  }
  r.draw(name + ".next", torch::rand({2}));
  module->to(torch::kFloat64);
  const Tensor y = module(input);
  r.layout(name, y);
  if (!y.requires_grad()) return;
  (y * values(y.sizes(), 1.1)).sum().backward();
  for (const auto& item : module->named_parameters()) {
    r.value(name + ".grad." + item.key(), item.value().grad());
  }
}

}  // namespace nn_layer

PARITY_PROGRAM(nn_functional) {
  using namespace nn_layer;
  function(r, "relu", [](const Tensor& x) { return F::relu(x); });
  function(r, "relu.options", [](const Tensor& x) { return F::relu(x, F::ReLUFuncOptions()); });
  function(r, "relu.inplace",
           [](const Tensor& x) { return F::relu(x * 2, F::ReLUFuncOptions().inplace(true)); });
  function(r, "leaky_relu", [](const Tensor& x) { return F::leaky_relu(x); });
  function(r, "leaky_relu.options", [](const Tensor& x) {
    return F::leaky_relu(x * 2, F::LeakyReLUFuncOptions().negative_slope(0.3).inplace(true));
  });
  function(r, "softmax", [](const Tensor& x) { return F::softmax(x, 1); });
  function(r, "softmax.options", [](const Tensor& x) {
    return F::softmax(x, F::SoftmaxFuncOptions(0).dtype(torch::kFloat64));
  });
  function(r, "log_softmax", [](const Tensor& x) { return F::log_softmax(x, -1); });
  function(r, "log_softmax.options", [](const Tensor& x) {
    return F::log_softmax(x, F::LogSoftmaxFuncOptions(0).dtype(torch::kFloat64));
  });
  function(r, "dropout", [](const Tensor& x) { return F::dropout(x); });
  function(r, "dropout.options", [](const Tensor& x) {
    return F::dropout(x, F::DropoutFuncOptions().p(0.3).training(true));
  });
  function(r, "dropout.inplace", [](const Tensor& x) {
    return F::dropout(x * 2, F::DropoutFuncOptions().p(0.3).inplace(true));
  });
  function(r, "dropout.eval", [](const Tensor& x) {
    return F::dropout(x, F::DropoutFuncOptions().p(0.3).training(false));
  });
  for (double p : {0.0, 1.0}) {
    function(r, "dropout." + std::to_string(p),
             [p](const Tensor& x) { return torch::dropout(x, p, true); });
  }
  function(r, "layer_norm",
           [](const Tensor& x) { return F::layer_norm(x, F::LayerNormFuncOptions({x.size(1)})); });
  function(r, "layer_norm.options", [](const Tensor& x) {
    return F::layer_norm(x, F::LayerNormFuncOptions(x.sizes().vec())
                                .weight(values(x.sizes(), 2, x.scalar_type()))
                                .bias(values(x.sizes(), 3, x.scalar_type()))
                                .eps(0.1));
  });
  function(r, "linear", [](const Tensor& x) {
    return F::linear(x, values({2, x.size(1)}, 1, x.scalar_type()),
                     values({2}, 2, x.scalar_type()));
  });
  function(r, "linear.nobias", [](const Tensor& x) {
    return F::linear(x, values({2, x.size(1)}, 1, x.scalar_type()));
  });
  const Tensor indices = torch::tensor({{1, 2, 1}, {0, 3, 2}});
  r.value("one_hot", F::one_hot(indices));
  r.value("one_hot.classes", F::one_hot(indices, 6));
  const std::pair<const char*, F::EmbeddingFuncOptions> embeddings[] = {
      {"plain", {}},
      {"padding", F::EmbeddingFuncOptions().padding_idx(-3)},
      {"max_norm", F::EmbeddingFuncOptions().max_norm(0.7).norm_type(1)},
      {"frequency", F::EmbeddingFuncOptions().scale_grad_by_freq(true)},
  };
  for (const auto& [name, options] : embeddings) {
    const Tensor weight = values({4, 3}).requires_grad_();
    const Tensor y = F::embedding(indices, weight, options);
    r.layout(std::string("embedding.") + name, y);
    (y * values(y.sizes(), 1)).sum().backward();
    r.value(std::string("embedding.grad.") + name, weight.grad());
    r.value(std::string("embedding.weight.") + name, weight);
  }

  const Tensor x = torch::ones({2, 3});
  r.error("dropout p", [&] { F::dropout(x, F::DropoutFuncOptions().p(1.5)); });
  r.error("dropout of integers", [&] { F::dropout(x.to(torch::kLong)); });
  r.error("softmax dim", [&] { F::softmax(x, 2); });
  r.error("softmax of integers", [&] { F::softmax(x.to(torch::kLong), 0); });
  r.error("embedding indices", [&] { F::embedding(x, x); });
  r.error("embedding range", [&] { F::embedding(torch::tensor({7}), x); });
  r.error("embedding weight", [&] { F::embedding(torch::tensor({0}), x[0]); });
  for (int64_t index : {5, -5}) {
    r.error("embedding padding " + std::to_string(index), [&] {
      F::embedding(torch::tensor({0}), x, F::EmbeddingFuncOptions().padding_idx(index));
    });
  }
  r.error("one_hot range", [&] { F::one_hot(torch::tensor({1}), 1); });
  r.error("one_hot reals", [&] { F::one_hot(x); });
  r.error("one_hot negative", [&] { F::one_hot(torch::tensor({-1})); });
  r.error("one_hot empty", [&] { F::one_hot(torch::empty({0}, torch::kLong)); });
  r.error("layer_norm shape", [&] { F::layer_norm(x, F::LayerNormFuncOptions({4})); });
  r.error("layer_norm empty",
          [&] { F::layer_norm(x, F::LayerNormFuncOptions(std::vector<int64_t>{})); });
  r.error("layer_norm weight",
          [&] { F::layer_norm(x, F::LayerNormFuncOptions({3}).weight(torch::ones({2}))); });
  r.error("layer_norm integers",
          [&] { F::layer_norm(x.to(torch::kLong), F::LayerNormFuncOptions({3})); });
  r.error("linear shapes", [&] { F::linear(x, torch::ones({4, 2})); });
  r.error("linear vector", [&] { F::linear(x[0], torch::ones({4, 2})); });
  r.error("linear bias", [&] { F::linear(x, torch::ones({4, 3}), torch::ones({3})); });
  r.error("linear scalar", [&] { F::linear(torch::ones({}), torch::ones({4, 3})); });
  r.error("leaky_relu of integers", [&] { F::leaky_relu(x.to(torch::kLong)); });
}

PARITY_PROGRAM(nn_layers) {
  using namespace nn_layer;
  const Tensor x = values({5, 3});
  layer(r, "linear", nn::Linear(3, 4), x);
  layer(r, "linear.nobias", nn::Linear(nn::LinearOptions(3, 4).bias(false)), x[0]);
  layer(r, "linear.3d", nn::Linear(3, 70), values({2, 4, 3}));
  layer(r, "linear.transposed", nn::Linear(5, 2), x.t());
  layer(r, "identity", nn::Identity(), x.t());
  layer(r, "flatten", nn::Flatten(), values({2, 3, 4}));
  layer(r, "flatten.options", nn::Flatten(nn::FlattenOptions().start_dim(0).end_dim(1)),
        values({2, 3, 4}).transpose(0, 1));
  layer(r, "sigmoid", nn::Sigmoid(), x);
  layer(r, "tanh", nn::Tanh(), x);
  layer(r, "relu", nn::ReLU(), x);
  layer(r, "relu.inplace", nn::ReLU(nn::ReLUOptions().inplace(true)), x.clone());
  layer(r, "leaky_relu", nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.25)), x);
  layer(r, "softmax", nn::Softmax(1), x);
  layer(r, "log_softmax", nn::LogSoftmax(nn::LogSoftmaxOptions(0)), x);
  layer(r, "dropout", nn::Dropout(0.3), x);
  layer(r, "dropout.options", nn::Dropout(nn::DropoutOptions().p(0.6).inplace(true)), x.clone());
  layer(r, "dropout.transposed", nn::Dropout(), values({7, 5}).t());
  layer(r, "layer_norm", nn::LayerNorm(nn::LayerNormOptions({3})), x);
  layer(r, "layer_norm.2d",
        nn::LayerNorm(nn::LayerNormOptions({5, 3}).eps(0.01).elementwise_affine(false)),
        values({2, 5, 3}));
  const Tensor indices = torch::tensor({{1, 2, 1}, {0, 9, 2}});
  layer(r, "embedding", nn::Embedding(10, 3), indices);
  layer(r, "embedding.options",
        nn::Embedding(nn::EmbeddingOptions(10, 3).padding_idx(-8).max_norm(0.9).norm_type(3)),
        indices);
  layer(r, "embedding.frequency",
        nn::Embedding(nn::EmbeddingOptions(10, 3).scale_grad_by_freq(true)), indices);
  layer(r, "embedding.given", nn::Embedding::from_pretrained(values({10, 2})), indices);
  nn::Linear linear(3, 4);
  linear->reset_parameters();
  r.draw("reset", linear->weight);
  r.print("options", linear->options.in_features() + 10 * linear->options.out_features());

  r.error("linear shapes", [&] { linear(torch::ones({2, 1, 5})); });
  r.error("linear dtype", [&] { linear(x); });
  r.error("linear integers", [&] { linear(x.to(torch::kLong)); });
  r.error("linear undefined", [&] { linear(Tensor()); });
  r.error("linear scalar", [&] { linear(torch::ones({})); });
  r.error("linear negative", [] { nn::Linear(-1, 4); });
  r.error("flatten refused", [&] { nn::Flatten()(torch::ones({2})); });
  r.error("softmax refused", [&] { nn::Softmax(2)(x); });
  r.error("dropout refused", [] { nn::Dropout(1.5); });
  r.error("embedding padding", [] { nn::Embedding(nn::EmbeddingOptions(2, 3).padding_idx(5)); });
  r.error("embedding padding from the end",
          [] { nn::Embedding(nn::EmbeddingOptions(2, 3).padding_idx(-5)); });
  r.error("embedding weight", [] {
    nn::Embedding(nn::EmbeddingOptions(2, 3)._weight(torch::ones({2, 2})));
  });
  r.error("embedding given", [] { nn::Embedding::from_pretrained(torch::ones({2})); });
}

PARITY_PROGRAM(nn_recurrent_errors) {
  using namespace nn_layer;
  const Tensor x = torch::ones({5, 2, 3});
  const Tensor z = torch::zeros({1, 2, 4});
  const auto pair = [](const Tensor& h, const Tensor& c) { return std::make_tuple(h, c); };
  nn::GRU gru(3, 4);
  nn::LSTM lstm(3, 4);
  nn::LSTM projected(nn::LSTMOptions(3, 4).proj_size(2));
  nn::GRU wide(nn::GRUOptions(3, 4).batch_first(true).num_layers(2).bidirectional(true));
  r.error("size", [&] { gru(torch::ones({5, 2, 6})); });
  r.error("rank", [&] { gru(torch::ones({1, 5, 2, 3})); });
  r.error("state rank", [&] { gru(x, torch::zeros({1, 4})); });
  r.error("state batch", [&] { gru(x, torch::zeros({1, 3, 4})); });
  r.error("state layers", [&] { gru(x, torch::zeros({2, 2, 4})); });
  r.error("state size", [&] { gru(x, torch::zeros({1, 2, 5})); });
  r.error("dtype", [&] { gru(x.to(torch::kFloat64)); });
  r.error("integers", [&] { gru(x.to(torch::kLong)); });
  r.error("state dtype", [&] { gru(x, z.to(torch::kFloat64)); });
  r.error("no steps", [&] { gru(torch::ones({0, 2, 3})); });
  r.error("batch first", [&] { wide(torch::ones({2, 5, 3}), torch::zeros({4, 5, 4})); });
  r.error("layers", [&] { wide(torch::ones({2, 5, 3}), torch::zeros({2, 2, 4})); });
  r.error("lstm size", [&] { lstm(torch::ones({5, 2, 6})); });
  r.error("lstm h", [&] { lstm(x, pair(torch::zeros({1, 3, 4}), z)); });
  r.error("lstm c", [&] { lstm(x, pair(z, torch::zeros({1, 3, 4}))); });
  r.error("lstm rank", [&] { lstm(x, pair(z[0], z[0])); });
  r.error("lstm undefined c", [&] { lstm(x, pair(z, Tensor())); });
  r.error("lstm undefined", [&] { lstm(x, pair(Tensor(), Tensor())); });
  r.error("lstm dtype", [&] { lstm(x, pair(z, z.to(torch::kFloat64))); });
  r.error("lstm no steps", [&] { lstm(torch::ones({0, 2, 3})); });
  r.error("projected h", [&] { projected(x, pair(z, z)); });
  r.error("projected c", [&] {
    projected(x, pair(torch::zeros({1, 2, 2}), torch::zeros({1, 2, 2})));
  });
  r.error("dropout refused", [] { nn::GRU(nn::GRUOptions(3, 4).num_layers(2).dropout(1.5)); });
  r.error("hidden 0", [] { nn::GRU(3, 0); });
  r.error("hidden negative", [] { nn::GRU(3, -1); });
  r.error("input negative", [] { nn::GRU(-1, 3); });
  for (int64_t size : {-1, 4, 5}) {
    r.error("proj_size " + std::to_string(size),
            [&] { nn::LSTM(nn::LSTMOptions(3, 4).proj_size(size)); });
  }
  const auto packed =
      torch::nn::utils::rnn::pack_padded_sequence(x, torch::tensor({2, 5}), false, false);
  r.error("packed state", [&] { gru->forward_with_packed_input(packed, torch::zeros({3, 3})); });
  r.error("packed batch", [&] { gru->forward_with_packed_input(packed, torch::zeros({1, 1, 4})); });
  r.error("packed size", [&] { nn::GRU(4, 4)->forward_with_packed_input(packed); });

  nn::GRUCell cell(3, 4);
  nn::LSTMCell lstm_cell(3, 4);
  const Tensor one = torch::ones({2, 3});
  const Tensor h = torch::zeros({2, 4});
  r.error("cell size", [&] { cell(torch::ones({2, 6})); });
  r.error("cell rank", [&] { cell(torch::ones({2, 2, 3})); });
  r.error("cell batch", [&] { cell(one, torch::zeros({3, 4})); });
  r.error("cell hidden", [&] { cell(one, torch::zeros({2, 5})); });
  r.error("cell vector", [&] { cell(one, torch::zeros({4})); });
  r.error("cell dtype", [&] { cell(one.to(torch::kFloat64)); });
  r.error("cell undefined", [&] { cell(Tensor()); });
  r.error("cell state dtype", [&] { cell(one, h.to(torch::kFloat64)); });
  r.error("lstm cell batch", [&] { lstm_cell(one, pair(torch::zeros({3, 4}), h)); });
  r.error("lstm cell hidden", [&] { lstm_cell(one, pair(h, torch::zeros({2, 5}))); });
  r.error("lstm cell undefined", [&] { lstm_cell(one, pair(h, Tensor())); });
  r.error("lstm cell dtype", [&] { lstm_cell(one, pair(h.to(torch::kFloat64), h)); });
  r.error("cell hidden 0", [] { nn::RNNCell(3, 0); });
  r.error("cell hidden negative", [] { nn::RNNCell(3, -1); });
}

PARITY_PROGRAM(nn_init) {
  using namespace nn_layer;
  namespace init = torch::nn::init;
  for (torch::ScalarType dtype : {torch::kFloat32, torch::kFloat64}) {
    const std::string suffix = dtype == torch::kFloat64 ? ".double" : "";
    const auto fresh = [&](torch::IntArrayRef sizes) {
      return torch::empty(sizes, torch::TensorOptions(dtype));
    };
    r.draw("uniform" + suffix, init::uniform_(fresh({6, 5})));
    r.draw("uniform.range" + suffix, init::uniform_(fresh({6, 5}), -2, 3));
    r.draw("uniform.transposed" + suffix, init::uniform_(fresh({6, 5}).t()));
    r.draw("normal" + suffix, init::normal_(fresh({6, 5})));
    r.draw("normal.small" + suffix, init::normal_(fresh({3}), 1, 2));
    r.draw("normal.transposed" + suffix, init::normal_(fresh({6, 5}).t(), -1, 0.5));
    r.value("constant" + suffix, init::constant_(fresh({2, 2}), 1.5));
    r.value("ones" + suffix, init::ones_(fresh({2})));
    r.value("zeros" + suffix, init::zeros_(fresh({2})));
    r.value("eye" + suffix, init::eye_(fresh({3, 5})));
    for (std::vector<int64_t> sizes :
         {std::vector<int64_t>{3, 2, 4}, {2, 3, 3, 5}, {2, 2, 1, 2, 3}}) {
      r.value("dirac" + std::to_string(sizes.size()) + suffix, init::dirac_(fresh(sizes)));
    }
    r.draw("xavier_uniform" + suffix, init::xavier_uniform_(fresh({6, 5}), 1.7));
    r.draw("xavier_normal" + suffix, init::xavier_normal_(fresh({3, 4, 5})));
    r.draw("kaiming_uniform" + suffix, init::kaiming_uniform_(fresh({6, 5})));
    r.draw("kaiming_uniform.out" + suffix,
           init::kaiming_uniform_(fresh({6, 5}), 0.3, torch::kFanOut, torch::kLeakyReLU));
    r.draw("kaiming_normal" + suffix,
           init::kaiming_normal_(fresh({6, 5}), 0, torch::kFanIn, torch::kReLU));
    r.draw("kaiming_normal.tanh" + suffix,
           init::kaiming_normal_(fresh({3, 4, 5}), 0, torch::kFanOut, torch::kTanh));
    r.draw("sparse" + suffix, init::sparse_(fresh({6, 5}), 0.4, 0.5));
    r.draw("sparse.all" + suffix, init::sparse_(fresh({4, 2}), 1));
    for (std::vector<int64_t> sizes : {std::vector<int64_t>{4, 4}, {6, 3}, {3, 6}, {4, 2, 5}}) {
      r.value("orthogonal" + std::to_string(sizes.size()) + std::to_string(sizes[0]) + suffix,
              init::orthogonal_(fresh(sizes), 1.3).to(torch::kFloat32));
    }
    r.draw("next" + suffix, torch::rand({2}));
  }
  const Tensor weight = torch::empty({2, 3}).requires_grad_();
  r.print("not recorded", init::normal_(weight).is_leaf());
  r.value("integers", init::constant_(torch::ones({2}, torch::kLong), 2.5));
  std::ostringstream gains;
  gains.precision(17);
  gains << init::calculate_gain(torch::kLinear) << ' ' << init::calculate_gain(torch::kConv1D)
        << ' ' << init::calculate_gain(torch::kConv2D) << ' '
        << init::calculate_gain(torch::kConvTranspose3D) << ' '
        << init::calculate_gain(torch::kSigmoid) << ' ' << init::calculate_gain(torch::kTanh) << ' '
        << init::calculate_gain(torch::kReLU) << ' ' << init::calculate_gain(torch::kLeakyReLU)
        << ' ' << init::calculate_gain(torch::kLeakyReLU, 0.3);
  r.text("gains", gains.str());
  const auto [in, out] = init::_calculate_fan_in_and_fan_out(torch::empty({3, 4, 5, 2}));
  r.print("fans", in * 1000 + out);

  const Tensor vector = torch::ones({2});
  r.error("eye rank", [&] { init::eye_(vector); });
  r.error("dirac rank", [&] { init::dirac_(torch::ones({2, 2})); });
  r.error("orthogonal rank", [&] { init::orthogonal_(vector); });
  r.error("sparse rank", [&] { init::sparse_(vector, 0.1); });
  r.error("xavier rank", [&] { init::xavier_uniform_(vector); });
  r.error("kaiming rank", [&] { init::kaiming_normal_(vector); });
  r.error("fan rank", [&] { init::_calculate_fan_in_and_fan_out(vector); });
  r.error("uniform rank", [&] { init::uniform_(vector, 2, 1); });
  r.error("normal rank", [&] { init::normal_(vector, 0, -1); });
  r.error("uniform integers", [&] { init::uniform_(torch::ones({2}, torch::kLong)); });
}

PARITY_PROGRAM(nn_utils) {
  using namespace nn_layer;
  namespace utils = torch::nn::utils;
  const auto parameters = [](torch::ScalarType dtype) {
    const Tensor a = values({3, 2}, 0.1, dtype).requires_grad_();
    const Tensor b = values({4}, 0.8, dtype).requires_grad_();
    const Tensor c = values({2}, 0.8, dtype).requires_grad_();  // without a gradient
    ((a * a).sum() * 3 + b.exp().sum()).backward();
    return std::vector<Tensor>{a, b, c};
  };
  for (torch::ScalarType dtype : {torch::kFloat64, torch::kFloat32}) {
    const std::string suffix = dtype == torch::kFloat32 ? ".float" : "";
    for (double p : {2.0, 1.0, 3.0, 0.5, 0.0, -1.0, static_cast<double>(INFINITY)}) {
      for (double max_norm : {1.5, 1000.0, -1.0}) {
        const std::string label =
            "norm" + std::to_string(p) + "_" + std::to_string(max_norm) + suffix;
        const auto ps = parameters(dtype);
        r.value(label, torch::full({1}, utils::clip_grad_norm_(ps, max_norm, p)).to(dtype));
        r.value(label + ".a", ps[0].grad());
        r.value(label + ".b", ps[1].grad());
      }
    }
    const auto ps = parameters(dtype);
    r.value("one" + suffix, torch::full({1}, utils::clip_grad_norm_(ps[0], 1.0)).to(dtype));
    r.value("list" + suffix,
            torch::full({1}, utils::clip_grad_norm_({ps[0], ps[1]}, 1.0)).to(dtype));
    utils::clip_grad_value_(ps, 0.2);
    utils::clip_grad_value_(ps[1], 0.1);
    utils::clip_grad_value_({ps[0]}, 0.15);
    r.value("clip_value.a" + suffix, ps[0].grad());
    r.value("clip_value.b" + suffix, ps[1].grad());
    const Tensor vector = utils::parameters_to_vector(ps);
    r.value("vector" + suffix, vector);
    (vector * values(vector.sizes(), 2, dtype)).sum().backward();
    r.value("vector.grad" + suffix, ps[2].grad());
    const Tensor other = values({20}, 1.5);
    utils::vector_to_parameters(other, ps);
    other.mul_(2);
    for (size_t i = 0; i < 3; ++i) {
      r.value("parameter" + std::to_string(i) + suffix, ps[i]);
    }
  }
  r.print("nothing", utils::clip_grad_norm_(std::vector<Tensor>{}, 1.0) +
                         utils::clip_grad_norm_(torch::ones({1}), 1.0));
  auto ps = parameters(torch::kFloat32);
  ps[0].mutable_grad().fill_(INFINITY);
  r.error("infinite", [&] { utils::clip_grad_norm_(ps, 1.0, 2.0, true); });
  r.error("infinite largest", [&] { utils::clip_grad_norm_(ps, 1.0, INFINITY, true); });
  utils::clip_grad_norm_(ps, 1.0);
  r.value("scaled", ps[1].grad());
  r.error("no parameters", [] { utils::parameters_to_vector({}); });
  r.error("short vector", [&] { utils::vector_to_parameters(torch::ones({7}), ps); });
}
