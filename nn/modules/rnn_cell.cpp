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

void RNNCellBase::register_weights(int64_t input_size, int64_t hidden_size, bool bias) {
  TAPER_CHECK(input_size >= 0 && hidden_size > 0, layer_,
              ": hidden_size must be greater than zero, got input_size ", input_size,
              " and hidden_size ", hidden_size);
  input_size_ = input_size;
  hidden_size_ = hidden_size;
  const int64_t rows = gates_ * hidden_size;
  weight_ih = register_parameter("weight_ih", empty({rows, input_size}));
  weight_hh = register_parameter("weight_hh", empty({rows, hidden_size}));
  bias_ih = register_parameter("bias_ih", bias ? empty({rows}) : Tensor());
  bias_hh = register_parameter("bias_hh", bias ? empty({rows}) : Tensor());
  init_weights();
}

void RNNCellBase::init_weights() {
  const double bound = 1 / std::sqrt(static_cast<double>(hidden_size_));
  for (const Tensor& parameter : parameters()) init::uniform_(parameter, -bound, bound);
}

void RNNCellBase::print(std::ostream& stream, const std::string& nonlinearity) const {
  stream << "torch::nn::" << layer_ << '(' << input_size_ << ", " << hidden_size_;
  if (!bias_ih.defined()) stream << ", bias=false";
  if (!nonlinearity.empty() && nonlinearity != "kTanh") stream << ", nonlinearity=" << nonlinearity;
  stream << ')';
}

void RNNCellBase::check_input(const Tensor& input) const {
  TAPER_CHECK(input.defined(), layer_, ": expected input [batch, ", input_size_, "] or [",
              input_size_, "], got an undefined Tensor");
  TAPER_CHECK(input.dim() == 1 || input.dim() == 2, layer_,
              ": Expected input to be 1-D or 2-D but received ", input.dim(),
              "-D tensor, of sizes ", input.sizes());
  TAPER_CHECK(input.size(-1) == input_size_, layer_, ": input has inconsistent input_size: got ",
              input.size(-1), " expected ", input_size_, ", with input ", input.sizes());
  TAPER_CHECK(input.scalar_type() == weight_ih.scalar_type(), layer_,
              ": mat1 and mat2 must have the same dtype: expected input of ",
              weight_ih.scalar_type(), ", got ", input.scalar_type());
}

void RNNCellBase::check_state(const Tensor& input, const Tensor& state, const char* label) const {
  TAPER_CHECK(state.defined(), layer_, ": expected a ", label, " state, got an undefined Tensor");
  TAPER_CHECK(state.dim() == input.dim(), layer_, ": Expected ", label, " to be ", input.dim(),
              "-D as the input ", input.sizes(), " but received ", state.dim(), "-D tensor ",
              state.sizes());
  TAPER_CHECK(input.dim() == 1 || input.size(0) == state.size(0), layer_, ": Input batch size ",
              input.size(0), " doesn't match ", label, " batch size ", state.size(0));
  TAPER_CHECK(state.size(-1) == hidden_size_, layer_, ": ", label,
              " has inconsistent hidden_size: got ", state.size(-1), ", expected ", hidden_size_);
  TAPER_CHECK(state.scalar_type() == input.scalar_type(), layer_, ": expected ", label, " of ",
              input.scalar_type(), ", got ", state.scalar_type());
}

Tensor RNNCellBase::zero_state(const Tensor& input) const {
  const TensorOptions options(input.scalar_type());
  return input.dim() == 1 ? zeros({hidden_size_}, options)
                          : zeros({input.size(0), hidden_size_}, options);
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
    : RNNCellBase("RNNCell", 1), options(options) {
  RNNCellImpl::reset();
}

void RNNCellImpl::reset() {
  register_weights(options.input_size(), options.hidden_size(), options.bias());
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
    : RNNCellBase("GRUCell", 3), options(options) {
  GRUCellImpl::reset();
}

void GRUCellImpl::reset() {
  register_weights(options.input_size(), options.hidden_size(), options.bias());
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
    : RNNCellBase("LSTMCell", 4), options(options) {
  LSTMCellImpl::reset();
}

void LSTMCellImpl::reset() {
  register_weights(options.input_size(), options.hidden_size(), options.bias());
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

}  // namespace taper::nn
