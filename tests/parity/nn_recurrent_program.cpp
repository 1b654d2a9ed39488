// The recurrent networks and cells, in float64: outputs, states and their strides, all gradients,
// and the masks of dropout between layers.
#include "parity/parity.h"

namespace {

namespace nn = torch::nn;
namespace rnn = torch::nn::utils::rnn;
using torch::Tensor;

Tensor values(torch::IntArrayRef sizes, double phase) {
  int64_t numel = 1;
  for (int64_t size : sizes) numel *= size;
  return torch::sin(torch::arange(numel, torch::kFloat64) * 0.37 + phase).reshape(sizes);
}

Tensor leaf(torch::IntArrayRef sizes, double phase) {
  return values(sizes, phase).requires_grad_();
}

// The outputs, the gradients of their weighted sum, and what the generator draws next.
template <class M>
void outputs(parity::Recorder& r, const std::string& name, M& module,
             const std::vector<Tensor>& outs, const std::vector<Tensor>& inputs) {
  Tensor total = torch::zeros({}, torch::kFloat64);
  for (size_t i = 0; i < outs.size(); ++i) {
    const std::string label = name + ".out" + std::to_string(i);
    r.layout(label, outs[i]);
    total = total + (outs[i] * values(outs[i].sizes(), 0.5 + static_cast<double>(i))).sum();
  }
  total.backward();
  for (const auto& item : module->named_parameters()) {
    r.value(name + "." + item.key(), item.value().grad());
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    r.value(name + ".input" + std::to_string(i), inputs[i].grad());
  }
  r.draw(name + ".next", torch::rand({2}));
}

// Every layout of layers, directions and the batch. `make(layers, bidirectional, batch_first)`.
template <class Make, class Forward>
void networks(parity::Recorder& r, const std::string& name, const Make& make,
              const Forward& forward) {
  for (int64_t layers : {1, 2, 3}) {
    for (bool bidirectional : {false, true}) {
      for (bool batch_first : {false, true}) {
        const std::string label =
            name + std::to_string(layers) + (bidirectional ? "b" : "") + (batch_first ? "f" : "");
        auto module = make(layers, bidirectional, batch_first);
        r.print(label + ".print", module);
        module->to(torch::kFloat64);
        const int64_t count = layers * (bidirectional ? 2 : 1);
        const Tensor x = batch_first ? leaf({2, 6, 3}, 0.1) : leaf({6, 2, 3}, 0.1);
        for (bool packed : {false, true}) {
          for (bool given : {false, true}) {
            module->zero_grad();
            const Tensor own = x.detach().clone().requires_grad_();
            const std::string part =
                label + (packed ? ".packed" : "") + (given ? ".given" : ".zero");
            forward(r, part, module, own, count, given, packed, batch_first);
          }
        }
      }
    }
  }
}

rnn::PackedSequence pack(const Tensor& x, bool batch_first) {
  return rnn::pack_padded_sequence(x, torch::tensor({3, 6}), batch_first, false);
}

// For the networks with one state.
struct OneState {
  template <class M>
  void operator()(parity::Recorder& r, const std::string& name, M& module, const Tensor& x,
                  int64_t count, bool given, bool packed, bool batch_first) const {
    const Tensor h = leaf({count, 2, 4}, 0.9);
    std::vector<Tensor> outs;
    if (packed) {
      auto [out, h_n] =
          module->forward_with_packed_input(pack(x, batch_first), given ? h : Tensor());
      outs = {out.data(), h_n};
    } else {
      auto [out, h_n] = module(x, given ? h : Tensor());
      outs = {out, h_n};
    }
    outputs(r, name, module, outs, given ? std::vector<Tensor>{x, h} : std::vector<Tensor>{x});
  }
};

struct TwoStates {
  int64_t output_size;
  template <class M>
  void operator()(parity::Recorder& r, const std::string& name, M& module, const Tensor& x,
                  int64_t count, bool given, bool packed, bool batch_first) const {
    const Tensor h = leaf({count, 2, output_size}, 0.9);
    const Tensor c = leaf({count, 2, 4}, 1.7);
    torch::optional<std::tuple<Tensor, Tensor>> state;
    if (given) state = std::make_tuple(h, c);
    std::vector<Tensor> outs;
    if (packed) {
      auto [out, next] = module->forward_with_packed_input(pack(x, batch_first), state);
      outs = {out.data(), std::get<0>(next), std::get<1>(next)};
    } else {
      auto [out, next] = module->forward(x, state);
      outs = {out, std::get<0>(next), std::get<1>(next)};
    }
    outputs(r, name, module, outs, given ? std::vector<Tensor>{x, h, c} : std::vector<Tensor>{x});
  }
};

}  // namespace

PARITY_PROGRAM(nn_rnn) {
  networks(
      r, "rnn",
      [](int64_t layers, bool bidirectional, bool batch_first) {
        auto options = nn::RNNOptions(3, 4).num_layers(layers).dropout(layers > 1 ? 0.4 : 0);
        if (layers == 2) options.nonlinearity(torch::kReLU);
        return nn::RNN(options.bidirectional(bidirectional).batch_first(batch_first));
      },
      OneState());
}

PARITY_PROGRAM(nn_gru) {
  networks(
      r, "gru",
      [](int64_t layers, bool bidirectional, bool batch_first) {
        return nn::GRU(nn::GRUOptions(3, 4)
                           .num_layers(layers)
                           .dropout(layers > 1 ? 0.3 : 0)
                           .bias(layers != 2)
                           .bidirectional(bidirectional)
                           .batch_first(batch_first));
      },
      OneState());
}

PARITY_PROGRAM(nn_lstm) {
  for (int64_t proj_size : {0, 2}) {
    networks(
        r, "lstm" + std::to_string(proj_size) + "_",
        [&](int64_t layers, bool bidirectional, bool batch_first) {
          return nn::LSTM(nn::LSTMOptions(3, 4)
                              .num_layers(layers)
                              .dropout(layers > 1 ? 0.5 : 0)
                              .bias(layers != 3)
                              .proj_size(proj_size)
                              .bidirectional(bidirectional)
                              .batch_first(batch_first));
        },
        TwoStates{proj_size > 0 ? proj_size : 4});
  }
}

PARITY_PROGRAM(nn_cells) {
  nn::RNNCell plain(3, 4);
  nn::RNNCell relu(nn::RNNCellOptions(3, 4).bias(false).nonlinearity(torch::kReLU));
  nn::GRUCell gru(3, 4);
  nn::LSTMCell lstm(nn::LSTMCellOptions(3, 4).bias(false));
  const Tensor x = leaf({2, 3}, 0.2);
  const Tensor h = leaf({2, 4}, 0.6);
  const auto one = [&](const std::string& name, auto& cell) {
    r.print(name, cell);
    for (const auto& item : cell->named_parameters()) {
      r.draw(name + ".init." + item.key(), item.value());
    }
    cell->to(torch::kFloat64);
    for (const Tensor& state : {Tensor(), h}) {
      x.mutable_grad() = torch::zeros_like(x);
      outputs(r, name + (state.defined() ? ".given" : ""), cell, {cell(x, state)}, {x});
    }
  };
  one("plain", plain);
  one("relu", relu);
  one("gru", gru);
  r.print("lstm", lstm);
  lstm->to(torch::kFloat64);
  const auto [h0, c0] = lstm->forward(x);
  outputs(r, "lstm.zero", lstm, {h0, c0}, {});
  const auto [h1, c1] = lstm->forward(x, std::make_tuple(h, h * 2));
  outputs(r, "lstm.given", lstm, {h1, c1}, {});
}

PARITY_PROGRAM(nn_packed_sequence) {
  const Tensor x = values({5, 4, 3}, 0.3).to(torch::kFloat32);
  const auto sequence = [&](const std::string& name, const rnn::PackedSequence& packed) {
    r.layout(name + ".data", packed.data());
    r.value(name + ".sizes", packed.batch_sizes());
    r.value(name + ".sorted", packed.sorted_indices());
    r.value(name + ".unsorted", packed.unsorted_indices());
    for (bool batch_first : {false, true}) {
      const auto [padded, lengths] = rnn::pad_packed_sequence(packed, batch_first, -1.5);
      const std::string label = name + (batch_first ? ".first" : "");
      r.layout(label + ".padded", padded);
      r.value(label + ".lengths", lengths);
      r.layout(label + ".total",
               std::get<0>(rnn::pad_packed_sequence(packed, batch_first, 0.25, 8)));
    }
  };
  sequence("sorted", rnn::pack_padded_sequence(x, torch::tensor({5, 3, 3, 1})));
  sequence("shorter", rnn::pack_padded_sequence(x, torch::tensor({4, 3, 3, 2})));
  sequence("ties", rnn::pack_padded_sequence(x, torch::tensor({3, 5, 3, 3}), false, false));
  sequence("doubles",
           rnn::pack_padded_sequence(x, torch::tensor({1.0, 2.0, 5.0, 4.0}), false, false));
  sequence("batch_first",
           rnn::pack_padded_sequence(x.transpose(0, 1), torch::tensor({2, 5, 1, 3}), true, false));
  sequence("matrix", rnn::pack_padded_sequence(x.select(2, 0), torch::tensor({5, 5, 2, 1})));
  sequence("part", rnn::pack_padded_sequence(x, torch::tensor({2, 5}), false, false));
  const Tensor labels = torch::arange(20).reshape({5, 4});
  sequence("labels", rnn::pack_padded_sequence(labels, torch::tensor({1, 2, 5, 3}), false, false));
  sequence("packed", rnn::pack_sequence({x.select(1, 0), x.select(1, 1).slice(0, 0, 2)}));
  sequence("unsorted", rnn::pack_sequence({x.select(1, 1).slice(0, 0, 2), x.select(1, 0)}, false));
  sequence("to", rnn::pack_sequence({x.select(1, 0)}).to(torch::kFloat64));
  r.layout("pad", rnn::pad_sequence({x.select(1, 0), x.select(1, 1).slice(0, 0, 2)}));
  r.layout("pad.first",
           rnn::pad_sequence({x.select(1, 0), x.select(1, 1).slice(0, 0, 2)}, true, 7));
  r.layout("pad.integers", torch::pad_sequence({torch::arange(3), torch::arange(5)}, true, 2.7));
  r.value("inverse", rnn::invert_permutation(torch::tensor({2, 0, 3, 1})));

  r.error("lengths", [&] { rnn::pack_padded_sequence(x, torch::tensor({4, 3})); });
  r.error("zero", [&] { rnn::pack_padded_sequence(x, torch::tensor({4, 3, 1, 0})); });
  r.error("order", [&] { rnn::pack_padded_sequence(x, torch::tensor({3, 4, 1, 1})); });
  r.error("dims", [&] { rnn::pack_padded_sequence(x, torch::tensor({{4, 3, 1, 1}})); });
  r.error("undefined", [&] { rnn::pack_padded_sequence(Tensor(), torch::tensor({1})); });
  r.error("vector", [&] { rnn::pack_padded_sequence(torch::ones({3}), torch::tensor({1})); });
  r.error("nothing", [&] { rnn::pack_sequence({}); });
  r.error("pack order", [&] { rnn::pack_sequence({torch::ones({2}), torch::ones({3})}); });
  r.error("trailing", [&] { rnn::pad_sequence({torch::ones({3, 2}), torch::ones({2, 3})}); });
  r.error("scalar", [&] { rnn::pad_sequence({torch::ones({})}); });
  r.error("total length",
          [&] { rnn::pad_packed_sequence(rnn::pack_sequence({torch::ones({3})}), false, 0.0, 2); });
  r.error("inverse of reals", [&] { rnn::invert_permutation(torch::ones({2})); });
}
