#include "taper/nn/modules/rnn_cell.h"

#include <cmath>
#include <ostream>

#include "taper/autograd/ops.h"
#include "taper/nn/functional.h"
#include "taper/nn/init.h"
#include "taper/tensor/factories.h"

namespace taper::nn {

template class Cloneable<RNNCellImpl>;
template class Cloneable<GRUCellImpl>;
template class Cloneable<LSTMCellImpl>;

namespace detail {

Tensor rnn_step(const Tensor& gi, const Tensor& gh, bool relu) {
  const Tensor sum = gi + gh;
  return relu ? taper::relu(sum) : taper::tanh(sum);
}

Tensor gru_step(const Tensor& gi, const Tensor& gh, const Tensor& h) {
  const int64_t hidden = h.size(-1);
  const int64_t parts[] = {2 * hidden, hidden};
  const TensorVector i = gi.split(IntArrayRef(parts), 1);
  const TensorVector r_z_of_h = gh.split(IntArrayRef(parts), 1);
  const TensorVector gates = taper::sigmoid(i[0] + r_z_of_h[0]).chunk(2, 1);
  const Tensor& r = gates[0];
  const Tensor& z = gates[1];
  const Tensor n = taper::tanh(i[1] + r * r_z_of_h[1]);
  // (1 - z) * n + z * h with one product less.
  return (h - n) * z + n;
}

std::tuple<Tensor, Tensor> lstm_step(const Tensor& gi, const Tensor& gh, const Tensor& c) {
  const TensorVector gates = (gi + gh).chunk(4, 1);
  const Tensor i = taper::sigmoid(gates[0]);
  const Tensor f = taper::sigmoid(gates[1]);
  const Tensor g = taper::tanh(gates[2]);
  const Tensor o = taper::sigmoid(gates[3]);
  const Tensor next_c = f * c + i * g;
  return {o * taper::tanh(next_c), next_c};
}

void RNNCellBase::register_weights() {
  const int64_t hidden = options_base.hidden_size();
  TAPER_CHECK(hidden != 0, "from is out of bounds for float (", layer_,
              ": hidden_size must be greater than zero)");
  const int64_t rows = options_base.num_chunks() * hidden;
  const bool bias = options_base.bias();
  weight_ih = register_parameter("weight_ih", empty({rows, options_base.input_size()}));
  weight_hh = register_parameter("weight_hh", empty({rows, hidden}));
  bias_ih = register_parameter("bias_ih", bias ? empty({rows}) : Tensor());
  bias_hh = register_parameter("bias_hh", bias ? empty({rows}) : Tensor());
  reset_parameters();
}

void RNNCellBase::reset_parameters() {
  const double bound = 1 / std::sqrt(static_cast<double>(options_base.hidden_size()));
  for (const Tensor& parameter : parameters()) init::uniform_(parameter, -bound, bound);
}

void RNNCellBase::print(std::ostream& stream, const std::string& nonlinearity) const {
  stream << "torch::nn::" << layer_ << '(' << options_base.input_size() << ", "
         << options_base.hidden_size();
  if (!options_base.bias()) stream << ", bias=false";
  if (!nonlinearity.empty() && nonlinearity != "kTanh") stream << ", nonlinearity=" << nonlinearity;
  stream << ')';
}

void RNNCellBase::check_input(const Tensor& input) const {
  const int64_t size = options_base.input_size();
  TAPER_CHECK_INDEX(
      input.defined(), "Dimension out of range (expected to be in range of [-1, 0], but got 1) (",
      layer_, ": expected input [batch, ", size, "] or [", size, "], got an undefined Tensor)");
  TAPER_CHECK(input.dim() > 0, layer_, ": expected input [batch, ", size, "] or [", size,
              "], got a 0-dim Tensor");
  // A single input without a batch is more than libtorch 1.13 takes.
  const int64_t given = input.size(input.dim() == 1 ? 0 : 1);
  TAPER_CHECK(given == size, "input has inconsistent input_size: got ", given, " expected ", size,
              " (", layer_, ", with input ", input.sizes(), ")");
  TAPER_CHECK(input.dim() <= 2, layer_, ": Expected input to be 1-D or 2-D but received ",
              input.dim(), "-D tensor, of sizes ", input.sizes());
  TAPER_CHECK(input.scalar_type() == weight_ih.scalar_type(),
              "mat1 and mat2 must have the same dtype (", layer_, ": expected input of ",
              weight_ih.scalar_type(), ", got ", input.scalar_type(), ")");
}

void RNNCellBase::check_state(const Tensor& input, const Tensor& state, const char* label) const {
  const int64_t hidden = options_base.hidden_size();
  const bool batched = input.dim() == 2;
  const int64_t batch = !state.defined() || state.dim() == 0 ? 0 : state.size(0);
  TAPER_CHECK(!batched || input.size(0) == batch, "Input batch size ", input.size(0),
              " doesn't match ", label, " batch size ", batch, " (", layer_, ")");
  TAPER_CHECK(state.defined() && state.dim() == input.dim(), layer_, ": Expected ", label,
              " to be ", input.dim(), "-D as the input ", input.sizes(), " but received ",
              state.defined() ? state.dim() : 0, "-D tensor");
  TAPER_CHECK(state.size(-1) == hidden, label, " has inconsistent hidden_size: got ",
              state.size(-1), ", expected ", hidden, " (", layer_, ")");
  TAPER_CHECK(state.scalar_type() == input.scalar_type(),
              "mat1 and mat2 must have the same dtype (", layer_, ": expected ", label, " of ",
              input.scalar_type(), ", got ", state.scalar_type(), ")");
}

Tensor RNNCellBase::zero_state(const Tensor& input) const {
  const TensorOptions options(input.scalar_type());
  const int64_t hidden = options_base.hidden_size();
  return input.dim() == 1 ? zeros({hidden}, options) : zeros({input.size(0), hidden}, options);
}

Tensor RNNCellBase::input_gates(const Tensor& input) const {
  return functional::linear(input, weight_ih, bias_ih);
}

Tensor RNNCellBase::hidden_gates(const Tensor& hidden) const {
  return functional::linear(hidden, weight_hh, bias_hh);
}

}  // namespace detail

namespace {

// The steps work on batches; an input without one is a batch of one.
Tensor batched(const Tensor& x) { return x.dim() == 1 ? x.unsqueeze(0) : x; }

Tensor like_input(const Tensor& state, const Tensor& input) {
  return input.dim() == 1 ? state.squeeze(0) : state;
}

}  // namespace

RNNCellImpl::RNNCellImpl(const RNNCellOptions& options)
    : RNNCellBase("RNNCell", {options.input_size(), options.hidden_size(), options.bias(), 1}),
      options(options) {
  RNNCellImpl::reset();
}

void RNNCellImpl::pretty_print(std::ostream& stream) const {
  print(stream, enumtype::get_enum_name(options.nonlinearity()));
}

Tensor RNNCellImpl::forward(const Tensor& input, Tensor hx) {
  check_input(input);
  if (!hx.defined()) hx = zero_state(input);
  check_state(input, hx, "hidden");
  const bool relu = std::holds_alternative<enumtype::kReLU>(options.nonlinearity());
  return like_input(detail::rnn_step(input_gates(batched(input)), hidden_gates(batched(hx)), relu),
                    input);
}

GRUCellImpl::GRUCellImpl(const GRUCellOptions& options)
    : RNNCellBase("GRUCell", {options.input_size(), options.hidden_size(), options.bias(), 3}),
      options(options) {
  GRUCellImpl::reset();
}

void GRUCellImpl::pretty_print(std::ostream& stream) const { print(stream, {}); }

Tensor GRUCellImpl::forward(const Tensor& input, Tensor hx) {
  check_input(input);
  if (!hx.defined()) hx = zero_state(input);
  check_state(input, hx, "hidden");
  const Tensor h = batched(hx);
  return like_input(detail::gru_step(input_gates(batched(input)), hidden_gates(h), h), input);
}

LSTMCellImpl::LSTMCellImpl(const LSTMCellOptions& options)
    : RNNCellBase("LSTMCell", {options.input_size(), options.hidden_size(), options.bias(), 4}),
      options(options) {
  LSTMCellImpl::reset();
}

void LSTMCellImpl::pretty_print(std::ostream& stream) const { print(stream, {}); }

std::tuple<Tensor, Tensor> LSTMCellImpl::forward(const Tensor& input,
                                                 std::optional<std::tuple<Tensor, Tensor>> hx_opt) {
  check_input(input);
  if (!hx_opt) {
    const Tensor zero = zero_state(input);
    hx_opt = {zero, zero};
  }
  const auto& [h, c] = *hx_opt;
  check_state(input, h, "hidden[0]");
  check_state(input, c, "hidden[1]");
  const auto [next_h, next_c] =
      detail::lstm_step(input_gates(batched(input)), hidden_gates(batched(h)), batched(c));
  return {like_input(next_h, input), like_input(next_c, input)};
}

// What Sequential calls them with, besides the input.
std::vector<std::pair<size_t, AnyValue>> RNNCellImpl::_forward_default_args() const {
  return {{1, AnyValue(Tensor())}};
}
std::vector<std::pair<size_t, AnyValue>> GRUCellImpl::_forward_default_args() const {
  return {{1, AnyValue(Tensor())}};
}
std::vector<std::pair<size_t, AnyValue>> LSTMCellImpl::_forward_default_args() const {
  return {{1, AnyValue(std::optional<std::tuple<Tensor, Tensor>>())}};
}

}  // namespace taper::nn
