#pragma once

#include <tuple>
#include <vector>

#include "taper/taper.h"

// The tutorial's modules, each line under the Python that it stands for. Python's constructor
// registers a module when it is assigned to self; here register_module says so.
namespace custom_gru {

namespace nn = taper::nn;
using taper::Tensor;
using taper::indexing::Slice;

// class GRUCell(nn.Module):
struct GRUCellImpl : nn::Module {
  //   def __init__(self, input_size, hidden_size):
  GRUCellImpl(int64_t input_size, int64_t hidden_size) {
    // self.reset_gate = nn.Linear(input_size + hidden_size, hidden_size)
    reset_gate = register_module("reset_gate", nn::Linear(input_size + hidden_size, hidden_size));
    // self.update_gate = nn.Linear(input_size + hidden_size, hidden_size)
    update_gate = register_module("update_gate", nn::Linear(input_size + hidden_size, hidden_size));
    // self.hidden_transform = nn.Linear(input_size + hidden_size, hidden_size)
    hidden_transform =
        register_module("hidden_transform", nn::Linear(input_size + hidden_size, hidden_size));
  }

  //   def forward(self, input, hidden):
  // input [batch, input_size], hidden [batch, hidden_size] -> both [batch, hidden_size]
  std::tuple<Tensor, Tensor> forward(const Tensor& input, const Tensor& hidden) {
    // combined = torch.cat((input, hidden), 1)
    Tensor combined = taper::cat({input, hidden}, 1);
    // reset = torch.sigmoid(self.reset_gate(combined))
    Tensor reset = taper::sigmoid(reset_gate(combined));
    // update = torch.sigmoid(self.update_gate(combined))
    Tensor update = taper::sigmoid(update_gate(combined));
    // new = torch.tanh(self.hidden_transform(torch.cat((input, reset * hidden), 1)))
    Tensor fresh = taper::tanh(hidden_transform(taper::cat({input, reset * hidden}, 1)));
    // next_hidden = (1 - update) * hidden + update * new
    Tensor next_hidden = (1 - update) * hidden + update * fresh;
    // return next_hidden, torch.tanh(next_hidden)
    return {next_hidden, taper::tanh(next_hidden)};
  }

  nn::Linear reset_gate{nullptr}, update_gate{nullptr}, hidden_transform{nullptr};
};
TAPER_MODULE(GRUCell);

// class GRUClassifier(nn.Module):
struct GRUClassifierImpl : nn::Module {
  //   def __init__(self, input_size, hidden_size, num_classes):
  GRUClassifierImpl(int64_t input_size, int64_t hidden_size, int64_t num_classes) {
    // self.gru = GRUCell(input_size, hidden_size)
    gru = register_module("gru", GRUCell(input_size, hidden_size));
    // self.fc = nn.Linear(hidden_size, num_classes)
    fc = register_module("fc", nn::Linear(hidden_size, num_classes));
  }

  //   def forward(self, x, h0):
  // x [batch, input_size], h0 [batch, hidden_size] -> [num_classes]
  Tensor forward(const Tensor& x, const Tensor& h0) {
    // out, hidden = self.gru(x, h0)
    auto [out, hidden] = gru(x, h0);
    // return self.fc(out[-1, :])
    return fc(out.index({-1, Slice()}));
  }

  // The page stops at one step, so its out[-1, :] is the last row of a batch. Over a sequence it is
  // the last step, which is what a classifier wants: x [steps, batch, input_size] -> [batch,
  // num_classes].
  Tensor forward_sequence(const Tensor& x, Tensor h) {
    std::vector<Tensor> states;
    for (int64_t step = 0; step < x.size(0); ++step) {
      h = std::get<0>(gru(x[step], h));
      states.push_back(h);
    }
    Tensor out = taper::stack(states);  // [steps, batch, hidden_size]
    return fc(out.index({-1, Slice()}));
  }

  GRUCell gru{nullptr};
  nn::Linear fc{nullptr};
};
TAPER_MODULE(GRUClassifier);

// AI Summer's cell: class GRU_cell_from_scratch(nn.Module), in our words.
struct SummerGRUCellImpl : nn::Module {
  //   def __init__(self, input_length=10, hidden_length=20):
  explicit SummerGRUCellImpl(int64_t input_length = 10, int64_t hidden_length = 20) {
    // self.linear_reset_w1 = nn.Linear(input_length, hidden_length)
    linear_reset_w1 = register_module("linear_reset_w1", nn::Linear(input_length, hidden_length));
    // self.linear_reset_r1 = nn.Linear(hidden_length, hidden_length)
    linear_reset_r1 = register_module("linear_reset_r1", nn::Linear(hidden_length, hidden_length));
    // self.linear_reset_w2 and _r2: the update gate, whatever they are called
    linear_reset_w2 = register_module("linear_reset_w2", nn::Linear(input_length, hidden_length));
    linear_reset_r2 = register_module("linear_reset_r2", nn::Linear(hidden_length, hidden_length));
    // self.linear_gate_w3 and _r3: the new state
    linear_gate_w3 = register_module("linear_gate_w3", nn::Linear(input_length, hidden_length));
    linear_gate_r3 = register_module("linear_gate_r3", nn::Linear(hidden_length, hidden_length));
  }

  //   def forward(self, x, h):
  // x [batch, input_length], h [batch, hidden_length] -> [batch, hidden_length]
  Tensor forward(const Tensor& x, const Tensor& h) {
    // r = torch.sigmoid(self.linear_reset_w1(x) + self.linear_reset_r1(h))
    Tensor r = taper::sigmoid(linear_reset_w1(x) + linear_reset_r1(h));
    // z = torch.sigmoid(self.linear_reset_w2(x) + self.linear_reset_r2(h))
    Tensor z = taper::sigmoid(linear_reset_w2(x) + linear_reset_r2(h));
    // n = torch.tanh(self.linear_gate_w3(x) + r * self.linear_gate_r3(h))
    Tensor n = taper::tanh(linear_gate_w3(x) + r * linear_gate_r3(h));
    // return (1 - z) * n + z * h
    return (1 - z) * n + z * h;
  }

  nn::Linear linear_reset_w1{nullptr}, linear_reset_r1{nullptr};
  nn::Linear linear_reset_w2{nullptr}, linear_reset_r2{nullptr};
  nn::Linear linear_gate_w3{nullptr}, linear_gate_r3{nullptr};
};
TAPER_MODULE(SummerGRUCell);

// The same classifier around AI Summer's cell.
struct SummerClassifierImpl : nn::Module {
  SummerClassifierImpl(int64_t input_length, int64_t hidden_length, int64_t num_classes) {
    gru = register_module("gru", SummerGRUCell(input_length, hidden_length));
    fc = register_module("fc", nn::Linear(hidden_length, num_classes));
  }

  // x [steps, batch, input_length], h [batch, hidden_length] -> [batch, num_classes]
  Tensor forward_sequence(const Tensor& x, Tensor h) {
    for (int64_t step = 0; step < x.size(0); ++step) h = gru(x[step], h);
    return fc(h);
  }

  SummerGRUCell gru{nullptr};
  nn::Linear fc{nullptr};
};
TAPER_MODULE(SummerClassifier);

}  // namespace custom_gru
