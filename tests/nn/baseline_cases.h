// What nn computes, written in calls that libtorch has too: compiled with `T` naming taper it runs
// as a test, with `T` naming torch (libtorch/baseline.cpp) it writes baseline.txt, the figures that
// the test compares with.
#include <cmath>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace baseline {

using T::Tensor;
namespace nn = T::nn;
namespace F = T::nn::functional;

struct Line {
  std::string name;
  std::string text;  // of texts, newlines as "\n"
  std::vector<double>
      figures;  // of tensors: two numbers that depend on every element and its place
};

class Recorder {
 public:
  void tensor(const std::string& name, const Tensor& value) {
    const Tensor flat = value.detach().to(T::kDouble).contiguous().view({-1});
    double sum = 0;
    double squares = 0;
    for (int64_t i = 0; i < flat.numel(); ++i) {
      const double v = flat.data_ptr<double>()[i];
      sum += v * std::cos(0.7 * static_cast<double>(i) + 0.3);
      squares += v * v;
    }
    lines.push_back({name, "", {static_cast<double>(flat.numel()), sum, squares}});
  }
  template <class V>
  void text(const std::string& name, const V& value) {
    std::ostringstream stream;
    stream << value;
    std::string line;
    for (char c : stream.str()) line += c == '\n' ? std::string("\\n") : std::string(1, c);
    lines.push_back({name, line, {}});
  }

  std::vector<Line> lines;
};

// Smooth values without a pattern, in [-1, 1].
inline Tensor values(const std::vector<int64_t>& sizes, double phase = 0.1) {
  int64_t numel = 1;
  for (int64_t size : sizes) numel *= size;
  return T::sin(T::arange(numel, T::TensorOptions(T::kFloat)) * 0.37 + phase).reshape(sizes);
}

// The outputs, and the gradients of their weighted sum.
inline void outputs(Recorder& r, const std::string& name, const std::vector<Tensor>& outs,
                    const std::vector<std::pair<std::string, Tensor>>& leaves) {
  Tensor total = T::zeros({});
  for (size_t i = 0; i < outs.size(); ++i) {
    r.tensor(name + ".out" + std::to_string(i), outs[i]);
    total = total + (outs[i] * values(outs[i].sizes().vec(), 0.5 + static_cast<double>(i))).sum();
  }
  if (!total.requires_grad()) return;
  total.backward();
  for (const auto& leaf : leaves) {
    if (leaf.second.grad().defined()) r.tensor(name + ".grad." + leaf.first, leaf.second.grad());
  }
}

// Default parameters after manual_seed(0), the printed module, outputs and gradients.
template <class M, class Forward>
void layer(Recorder& r, const std::string& name, M module, const Forward& forward,
           const std::vector<Tensor>& inputs = {}) {
  r.text(name + ".print", module);
  std::vector<std::pair<std::string, Tensor>> leaves;
  for (const auto& item : module->named_parameters()) {
    r.tensor(name + ".init." + item.key(), item.value());
    leaves.emplace_back(item.key(), item.value());
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    inputs[i].set_requires_grad(true);
    inputs[i].mutable_grad().reset();
    leaves.emplace_back("input" + std::to_string(i), inputs[i]);
  }
  outputs(r, name, forward(module), leaves);
}

inline void layers(Recorder& r) {
  const auto call = [](const Tensor& x) {
    return [x](auto& m) { return std::vector<Tensor>{m(x)}; };
  };
  const Tensor x = values({5, 3});
  T::manual_seed(0);
  layer(r, "Linear", nn::Linear(3, 4), call(x), {x});
  layer(r, "Linear.nobias", nn::Linear(nn::LinearOptions(3, 4).bias(false)),
        call(values({2, 5, 3})));
  layer(r, "Linear.big", nn::Linear(100, 70), call(values({9, 100})));
  layer(r, "Identity", nn::Identity(), call(x), {x});
  layer(r, "Sigmoid", nn::Sigmoid(), call(x), {x});
  layer(r, "Tanh", nn::Tanh(), call(x), {x});
  layer(r, "ReLU", nn::ReLU(), call(x), {x});
  r.text("ReLU.inplace", nn::ReLU(nn::ReLUOptions(true)));
  layer(r, "LeakyReLU", nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2)), call(x), {x});
  layer(r, "Softmax", nn::Softmax(1), call(x), {x});
  layer(r, "LogSoftmax", nn::LogSoftmax(0), call(x), {x});
  layer(r, "Dropout", nn::Dropout(0.3), call(values({40, 5})));
  layer(r, "Flatten", nn::Flatten(), call(values({2, 3, 4})));
  layer(r, "LayerNorm", nn::LayerNorm(nn::LayerNormOptions({3})), call(x), {x});
  layer(r, "LayerNorm.2d",
        nn::LayerNorm(nn::LayerNormOptions({5, 3}).eps(1e-3).elementwise_affine(false)),
        call(values({2, 5, 3})));
  const Tensor indices = T::tensor({{1, 2, 1}, {0, 9, 2}});
  layer(r, "Embedding", nn::Embedding(10, 3), call(indices));
  layer(r, "Embedding.padding", nn::Embedding(nn::EmbeddingOptions(10, 3).padding_idx(-8)),
        call(indices));
  layer(r, "Embedding.max_norm",
        nn::Embedding(nn::EmbeddingOptions(10, 3).max_norm(0.5).norm_type(1)), call(indices));
  layer(r, "Embedding.by_frequency",
        nn::Embedding(nn::EmbeddingOptions(10, 3).padding_idx(0).scale_grad_by_freq(true)),
        call(indices));
  r.tensor("dropout.transposed", F::dropout(values({5, 7}).t() + 3));
  r.tensor("dropout.permuted", T::dropout(values({3, 4, 5}).permute({2, 0, 1}) + 3, 0.6, true));
  layer(r, "Sequential", nn::Sequential(nn::Linear(3, 4), nn::Tanh(), nn::Linear(4, 2)),
        [&](auto& m) { return std::vector<Tensor>{m->forward(x)}; });
  r.text("Sequential.named", nn::Sequential({{"fc", nn::Linear(3, 4)}, {"act", nn::ReLU()}}));
  r.text("Sequential.empty", nn::Sequential());
  r.text("ModuleList", nn::ModuleList(nn::Linear(1, 2), nn::Dropout()));
}

inline void recurrent(Recorder& r) {
  const Tensor x2 = values({2, 3});
  const Tensor h2 = values({2, 4}, 1.3);
  const Tensor c2 = values({2, 4}, 2.1);
  T::manual_seed(1);
  const auto one = [](const Tensor& x, const Tensor& h) {
    return [x, h](auto& m) { return std::vector<Tensor>{m(x, h)}; };
  };
  layer(r, "RNNCell", nn::RNNCell(3, 4), one(x2, h2), {x2, h2});
  layer(r, "RNNCell.relu", nn::RNNCell(nn::RNNCellOptions(3, 4).bias(false).nonlinearity(T::kReLU)),
        one(x2, h2));
  layer(r, "GRUCell", nn::GRUCell(3, 4), one(x2, h2), {x2, h2});
  layer(r, "GRUCell.zero", nn::GRUCell(nn::GRUCellOptions(3, 4).bias(false)), one(x2, Tensor()));
  layer(r, "LSTMCell", nn::LSTMCell(3, 4), [&](auto& m) {
    auto [h, c] = m(x2, std::make_tuple(h2, c2));
    return std::vector<Tensor>{h, c};
  });

  const auto sequence = [](const Tensor& x, const Tensor& h) {
    return [x, h](auto& m) {
      auto [out, h_n] = m(x, h);
      return std::vector<Tensor>{out, h_n};
    };
  };
  const Tensor x = values({6, 2, 3});
  layer(r, "RNN", nn::RNN(3, 4), sequence(x, values({1, 2, 4})));
  layer(r, "RNN.relu",
        nn::RNN(nn::RNNOptions(3, 4).num_layers(2).nonlinearity(T::kReLU).bidirectional(true)),
        sequence(x, Tensor()));
  const Tensor h = values({1, 2, 4}, 0.9);
  layer(r, "GRU", nn::GRU(3, 4), sequence(x, h), {x, h});
  layer(r, "GRU.deep",
        nn::GRU(nn::GRUOptions(3, 4).num_layers(3).bidirectional(true).batch_first(true)),
        sequence(values({2, 6, 3}), values({6, 2, 4})));
  layer(r, "GRU.dropout", nn::GRU(nn::GRUOptions(3, 4).num_layers(3).dropout(0.4).bias(false)),
        sequence(x, Tensor()));
  const auto lstm = [](const Tensor& x, const Tensor& h0, const Tensor& c0) {
    return [=](auto& m) {
      auto [out, state] = m(x, std::make_tuple(h0, c0));
      auto [h_n, c_n] = state;
      return std::vector<Tensor>{out, h_n, c_n};
    };
  };
  layer(r, "LSTM", nn::LSTM(3, 4), lstm(x, values({1, 2, 4}), values({1, 2, 4}, 0.4)));
  layer(r, "LSTM.deep",
        nn::LSTM(nn::LSTMOptions(3, 4).num_layers(2).bidirectional(true).dropout(0.2)),
        lstm(x, values({4, 2, 4}), values({4, 2, 4}, 0.4)));
  layer(r, "LSTM.proj", nn::LSTM(nn::LSTMOptions(3, 4).num_layers(2).proj_size(2)),
        lstm(x, values({2, 2, 2}), values({2, 2, 4}, 0.4)));
  layer(r, "LSTM.proj.deep",
        nn::LSTM(nn::LSTMOptions(3, 4)
                     .num_layers(3)
                     .proj_size(3)
                     .bias(false)
                     .bidirectional(true)
                     .batch_first(true)
                     .dropout(0.25)),
        lstm(values({2, 6, 3}), values({6, 2, 3}), values({6, 2, 4}, 0.4)));
  layer(r, "RNN.dropout",
        nn::RNN(
            nn::RNNOptions(3, 4).num_layers(2).bidirectional(true).batch_first(true).dropout(0.5)),
        sequence(values({2, 6, 3}), Tensor()));
}

// Sequences of lengths 2, 5, 1 and 3 in one batch, through forward_with_packed_input: data, states
// in the batch's order, and all gradients.
inline void packed(Recorder& r) {
  namespace rnn = T::nn::utils::rnn;
  const Tensor x = values({5, 4, 3});
  const Tensor lengths = T::tensor({2, 5, 1, 3});
  const auto pack = [&] { return rnn::pack_padded_sequence(x, lengths, false, false); };
  T::manual_seed(2);
  const auto one = [&](const Tensor& h) {
    return [=](auto& m) {
      auto [out, h_n] = m->forward_with_packed_input(pack(), h);
      return std::vector<Tensor>{out.data(), h_n};
    };
  };
  const auto two = [&](const Tensor& h, const Tensor& c) {
    return [=](auto& m) {
      auto [out, state] = m->forward_with_packed_input(pack(), std::make_tuple(h, c));
      return std::vector<Tensor>{out.data(), std::get<0>(state), std::get<1>(state)};
    };
  };
  const Tensor h1 = values({1, 4, 4}, 0.9);
  layer(r, "packed.RNN", nn::RNN(3, 4), one(h1), {x, h1});
  layer(r, "packed.RNN.relu",
        nn::RNN(nn::RNNOptions(3, 4).nonlinearity(T::kReLU).bidirectional(true)), one(Tensor()));
  const Tensor h6 = values({6, 4, 4}, 0.2);
  layer(r, "packed.GRU.deep",
        nn::GRU(nn::GRUOptions(3, 4).num_layers(3).bidirectional(true).batch_first(true)), one(h6),
        {x, h6});
  layer(r, "packed.GRU.dropout",
        nn::GRU(nn::GRUOptions(3, 4).num_layers(3).dropout(0.4).bidirectional(true)),
        one(Tensor()));
  const Tensor h2 = values({2, 4, 4}, 1.9);
  const Tensor c2 = values({2, 4, 4}, 0.7);
  layer(r, "packed.LSTM", nn::LSTM(nn::LSTMOptions(3, 4).num_layers(2).dropout(0.3)), two(h2, c2),
        {x, h2, c2});
  const Tensor h4 = values({4, 4, 2}, 1.4);
  const Tensor c4 = values({4, 4, 4}, 0.7);
  layer(r, "packed.LSTM.proj",
        nn::LSTM(nn::LSTMOptions(3, 4).num_layers(2).dropout(0.3).bidirectional(true).proj_size(2)),
        two(h4, c4), {x, h4, c4});

  const rnn::PackedSequence sequence = pack();
  r.tensor("packed.data", sequence.data());
  r.tensor("packed.batch_sizes", sequence.batch_sizes());
  r.tensor("packed.sorted_indices", sequence.sorted_indices());
  r.tensor("packed.unsorted_indices", sequence.unsorted_indices());
  const auto [padded, back] = rnn::pad_packed_sequence(sequence, true, -2.5, 7);
  r.tensor("packed.padded", padded);
  r.tensor("packed.lengths", back);
  r.tensor("packed.pad_sequence",
           rnn::pad_sequence({x.select(1, 0), x.select(1, 1).slice(0, 0, 2)}, true, 0.5));
  r.tensor("packed.pack_sequence", rnn::pack_sequence({x.select(1, 0), x.select(1, 2)}).data());
}

inline void losses(Recorder& r) {
  const Tensor weight = T::tensor({0.5f, 2.0f, 1.0f, 0.25f});
  const Tensor target = T::tensor({3, 0, 1, 3, 2});
  const Tensor some_ignored = T::tensor({3, -100, 1, 3, -100});
  const std::vector<std::pair<std::string, F::CrossEntropyFuncOptions::reduction_t>> reductions = {
      {"mean", T::kMean}, {"sum", T::kSum}, {"none", T::kNone}};
  const auto record = [&](const std::string& name, const Tensor& x, const auto& loss) {
    x.set_requires_grad(true);
    outputs(r, name, {loss()}, {{"x", x}});
    x.mutable_grad().reset();
  };
  for (const auto& [name, reduction] : reductions) {
    const auto cross = F::CrossEntropyFuncOptions().reduction(reduction);
    const Tensor x = values({5, 4}) * 3;
    record("ce." + name, x, [&] { return F::cross_entropy(x, target, cross); });
    record("ce.ignore." + name, x, [&] { return F::cross_entropy(x, some_ignored, cross); });
    auto full = cross;
    full.weight(weight).label_smoothing(0.2);
    record("ce.full." + name, x, [&] { return F::cross_entropy(x, some_ignored, full); });
    auto smooth = cross;
    smooth.label_smoothing(0.1);
    record("ce.smooth." + name, x, [&] { return F::cross_entropy(x, some_ignored, smooth); });
    auto other = cross;
    other.weight(weight).ignore_index(3);
    record("ce.index." + name, x, [&] { return F::cross_entropy(x, target, other); });
    const Tensor probabilities = F::softmax(values({5, 4}, 2.0), 1);
    auto weighted = cross;
    weighted.weight(weight).label_smoothing(0.3);
    record("ce.prob." + name, x, [&] { return F::cross_entropy(x, probabilities, weighted); });
    const Tensor one = values({4});
    record("ce.1d." + name, one, [&] { return F::cross_entropy(one, T::tensor(2), cross); });
    const Tensor image = values({2, 4, 3, 2});
    const Tensor labels = T::arange(12, T::TensorOptions(T::kLong)).remainder(4).reshape({2, 3, 2});
    record("ce.4d." + name, image, [&] { return F::cross_entropy(image, labels, full); });
    const Tensor long_image = values({2, 4, 3});
    const Tensor long_labels =
        T::arange(6, T::TensorOptions(T::kLong)).remainder(4).reshape({2, 3});
    record("ce.3d." + name, long_image,
           [&] { return F::cross_entropy(long_image, long_labels, cross); });
    record("nll." + name, x, [&] {
      return F::nll_loss(x, some_ignored,
                         F::NLLLossFuncOptions().weight(weight).reduction(reduction));
    });
    const Tensor y = values({5, 4}, 1.7);
    const Tensor zero_one = F::softmax(values({5, 4}, 0.6), 1);
    auto mse = F::MSELossFuncOptions();
    mse.reduction(reduction);
    auto l1 = F::L1LossFuncOptions();
    l1.reduction(reduction);
    record("mse." + name, x, [&] { return F::mse_loss(x, y, mse); });
    record("l1." + name, x, [&] { return F::l1_loss(x, y, l1); });
    const Tensor p = F::softmax(values({5, 4}, 1.1), 1).detach();
    record("bce." + name, p, [&] {
      return F::binary_cross_entropy(
          p, zero_one, F::BinaryCrossEntropyFuncOptions().weight(weight).reduction(reduction));
    });
    record("bcel." + name, x, [&] {
      return F::binary_cross_entropy_with_logits(x, zero_one,
                                                 F::BinaryCrossEntropyWithLogitsFuncOptions()
                                                     .weight(weight)
                                                     .pos_weight(weight * 2)
                                                     .reduction(reduction));
    });
  }
  r.text("CrossEntropyLoss.print", nn::CrossEntropyLoss());
  r.text("NLLLoss.print", nn::NLLLoss());
  r.text("MSELoss.print", nn::MSELoss());
  r.text("L1Loss.print", nn::L1Loss());
  r.text("BCELoss.print", nn::BCELoss());
  r.text("BCEWithLogitsLoss.print", nn::BCEWithLogitsLoss());
}

inline void initial(Recorder& r) {
  T::manual_seed(7);
  const auto fresh = [] { return T::empty({6, 5}); };
  r.tensor("init.uniform", nn::init::uniform_(fresh(), -2, 3));
  r.tensor("init.normal", nn::init::normal_(fresh(), 1, 2));
  r.tensor("init.constant", nn::init::constant_(fresh(), 1.5));
  r.tensor("init.eye", nn::init::eye_(fresh()));
  r.tensor("init.dirac", nn::init::dirac_(T::empty({3, 4, 3, 5})));
  r.tensor("init.xavier_uniform", nn::init::xavier_uniform_(fresh(), 1.7));
  r.tensor("init.xavier_normal", nn::init::xavier_normal_(T::empty({3, 4, 5})));
  r.tensor("init.kaiming_uniform",
           nn::init::kaiming_uniform_(fresh(), 0.3, T::kFanOut, T::kLeakyReLU));
  r.tensor("init.kaiming_normal", nn::init::kaiming_normal_(fresh(), 0, T::kFanIn, T::kReLU));
  r.tensor("init.orthogonal", nn::init::orthogonal_(fresh(), 1.3));
  r.tensor("init.orthogonal.wide", nn::init::orthogonal_(T::empty({3, 2, 4})));
  r.tensor("init.sparse", nn::init::sparse_(fresh(), 0.4, 0.5));
}

inline void clipping(Recorder& r) {
  const auto parameters = [] {
    Tensor a = values({3, 2});
    Tensor b = values({4}, 0.8);
    a.set_requires_grad(true);
    b.set_requires_grad(true);
    ((a * a).sum() * 3 + b.exp().sum()).backward();
    return std::vector<Tensor>{a, b};
  };
  for (double p : {2.0, 1.0, 3.0, 0.0, static_cast<double>(INFINITY)}) {
    const std::string name = "clip_norm." + std::to_string(p);
    auto ps = parameters();
    r.tensor(name + ".norm", T::full({1}, nn::utils::clip_grad_norm_(ps, 1.5, p)));
    for (const Tensor& parameter : ps) r.tensor(name + ".grad", parameter.grad());
  }
  auto ps = parameters();
  nn::utils::clip_grad_value_(ps, 0.7);
  for (const Tensor& parameter : ps) r.tensor("clip_value.grad", parameter.grad());
  r.tensor("parameters_to_vector", nn::utils::parameters_to_vector(ps));
}

inline std::vector<Line> run() {
  Recorder r;
  layers(r);
  recurrent(r);
  packed(r);
  losses(r);
  initial(r);
  clipping(r);
  return r.lines;
}

}  // namespace baseline
