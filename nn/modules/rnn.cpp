#include "taper/nn/modules/rnn.h"

#include <cmath>
#include <cstdio>
#include <ostream>

#include "taper/autograd/ops.h"
#include "taper/nn/functional.h"
#include "taper/nn/init.h"
#include "taper/nn/modules/rnn_cell.h"
#include "taper/tensor/factories.h"

namespace taper::nn {

template class Cloneable<RNNImpl>;
template class Cloneable<LSTMImpl>;
template class Cloneable<GRUImpl>;

namespace detail {

void RNNBase::register_weights() {
  const RNNOptionsBase& o = options_base;
  TAPER_CHECK(o.dropout() >= 0 && o.dropout() <= 1,
              "dropout should be a number in range [0, 1] representing the probability of an "
              "element being zeroed");
  TAPER_CHECK(o.input_size() >= 0, layer_, ": input_size must not be negative, got ",
              o.input_size());
  TAPER_CHECK(o.hidden_size() > 0, layer_, ": hidden_size must be greater than zero, got ",
              o.hidden_size());
  TAPER_CHECK(o.num_layers() > 0, layer_, ": num_layers must be greater than zero, got ",
              o.num_layers());
  TAPER_CHECK(o.proj_size() >= 0 && o.proj_size() < o.hidden_size(),
              "proj_size has to be a positive integer, smaller than hidden_size or zero to disable "
              "projections");
  if (o.dropout() > 0 && o.num_layers() == 1) {
    std::fprintf(stderr,
                 "Warning: dropout option adds dropout after all but last recurrent layer, so "
                 "non-zero dropout expects "
                 "num_layers greater than 1, but got dropout=%g and num_layers=1\n",
                 o.dropout());
  }
  const int64_t gates = is_lstm() ? 4 : std::holds_alternative<enumtype::kGRU>(o.mode()) ? 3 : 1;
  const int64_t rows = gates * o.hidden_size();
  weights_.clear();
  for (int64_t layer = 0; layer < o.num_layers(); ++layer) {
    const int64_t columns = layer == 0 ? o.input_size() : output_size() * directions();
    for (int64_t direction = 0; direction < directions(); ++direction) {
      const std::string suffix = "_l" + std::to_string(layer) + (direction == 1 ? "_reverse" : "");
      Weights w;
      w.ih = register_parameter("weight_ih" + suffix, empty({rows, columns}));
      w.hh = register_parameter("weight_hh" + suffix, empty({rows, output_size()}));
      if (o.bias()) {
        w.bias_ih = register_parameter("bias_ih" + suffix, empty({rows}));
        w.bias_hh = register_parameter("bias_hh" + suffix, empty({rows}));
      }
      if (o.proj_size() > 0) {
        w.hr = register_parameter("weight_hr" + suffix, empty({o.proj_size(), o.hidden_size()}));
      }
      weights_.push_back(std::move(w));
    }
  }
  reset_parameters();
}

void RNNBase::reset_parameters() {
  const double bound = 1 / std::sqrt(static_cast<double>(options_base.hidden_size()));
  for (const Tensor& weight : all_weights()) init::uniform_(weight, -bound, bound);
}

void RNNBase::print(std::ostream& stream) const {
  const RNNOptionsBase& o = options_base;
  const auto text = [](bool value) { return value ? "true" : "false"; };
  stream << "torch::nn::" << layer_ << "(input_size=" << o.input_size()
         << ", hidden_size=" << o.hidden_size() << ", num_layers=" << o.num_layers()
         << ", bias=" << text(o.bias()) << ", batch_first=" << text(o.batch_first())
         << ", dropout=" << o.dropout() << ", bidirectional=" << text(o.bidirectional());
  if (o.proj_size() > 0) stream << ", proj_size=" << o.proj_size();
  stream << ')';
}

void RNNBase::check_input(const Tensor& input) const {
  const int64_t size = options_base.input_size();
  const char* layout = options_base.batch_first() ? "[batch, seq_len, " : "[seq_len, batch, ";
  TAPER_CHECK(input.defined(), layer_, ": expected input ", layout, size, "] or [seq_len, ", size,
              "], got an undefined Tensor");
  TAPER_CHECK(input.dim() == 2 || input.dim() == 3, layer_,
              ": Expected input to be 2-D or 3-D but received ", input.dim(),
              "-D tensor, of sizes ", input.sizes());
  TAPER_CHECK(input.size(-1) == size, layer_,
              ": input.size(-1) must be equal to input_size. Expected ", size, ", got ",
              input.size(-1), ", with input ", input.sizes());
  TAPER_CHECK(input.scalar_type() == weights_.front().ih.scalar_type(), layer_,
              ": mat1 and mat2 must have the same dtype: expected input of ",
              weights_.front().ih.scalar_type(), ", got ", input.scalar_type());
  const int64_t steps = input.size(input.dim() == 3 && options_base.batch_first() ? 1 : 0);
  TAPER_CHECK(steps > 0, layer_,
              ": Expected sequence length to be larger than 0 in RNN, with input ", input.sizes());
}

void RNNBase::check_states(const Tensor& input, const Tensor& hx, const Tensor& cx) const {
  TAPER_CHECK(hx.defined() && (!is_lstm() || cx.defined()), layer_,
              ": expected both states, got an undefined Tensor");
  const bool batched = input.dim() == 3;
  const char* input_kind = batched ? "batched 3-D" : "unbatched 2-D";
  if (is_lstm()) {
    TAPER_CHECK(hx.dim() == input.dim() && cx.dim() == input.dim(), layer_, ": For ", input_kind,
                " input, hx and cx should also be ", input.dim(), "-D but got (", hx.dim(), "-D, ",
                cx.dim(), "-D) tensors");
  } else {
    TAPER_CHECK(hx.dim() == input.dim(), layer_, ": For ", input_kind, " input, hx should also be ",
                input.dim(), "-D but got ", hx.dim(), "-D tensor");
  }
  const int64_t batch = batched ? input.size(options_base.batch_first() ? 0 : 1) : 1;
  check_state(is_lstm() ? "hidden[0]" : "hidden", batched ? hx : hx.unsqueeze(1), batch,
              output_size(), input.scalar_type());
  if (is_lstm()) {
    check_state("hidden[1]", batched ? cx : cx.unsqueeze(1), batch, options_base.hidden_size(),
                input.scalar_type());
  }
}

void RNNBase::check_state(const char* label, const Tensor& state, int64_t batch, int64_t size,
                          ScalarType dtype) const {
  const int64_t count = options_base.num_layers() * directions();
  TAPER_CHECK(state.size(0) == count && state.size(1) == batch && state.size(2) == size, layer_,
              ": Expected ", label, " size (", count, ", ", batch, ", ", size, "), got ",
              state.sizes());
  TAPER_CHECK(state.scalar_type() == dtype, layer_, ": expected ", label, " of ", dtype, ", got ",
              state.scalar_type());
}

Tensor RNNBase::run_direction(const Tensor& input, const Weights& w, bool reverse, Tensor& h,
                              Tensor& c) const {
  // input [T, B, I]; the products with it for all steps at once, [T, B, G * H].
  const TensorVector gi = functional::linear(input, w.ih, w.bias_ih).unbind(0);
  const bool gru = std::holds_alternative<enumtype::kGRU>(options_base.mode());
  const bool relu = std::holds_alternative<enumtype::kRNN_RELU>(options_base.mode());
  TensorVector outputs(gi.size());
  for (size_t step = 0; step < gi.size(); ++step) {
    const size_t t = reverse ? gi.size() - 1 - step : step;
    const Tensor gh = functional::linear(h, w.hh, w.bias_hh);
    if (is_lstm()) {
      std::tie(h, c) = lstm_step(gi[t], gh, c);
      if (w.hr.defined()) h = functional::linear(h, w.hr);
    } else {
      h = gru ? gru_step(gi[t], gh, h) : rnn_step(gi[t], gh, relu);
    }
    outputs[t] = h;
  }
  return stack(outputs, 0);
}

std::tuple<Tensor, Tensor, Tensor> RNNBase::run(const Tensor& input, Tensor hx, Tensor cx) {
  check_input(input);
  const bool batched = input.dim() == 3;
  Tensor x = !batched                     ? input.unsqueeze(1)
             : options_base.batch_first() ? input.transpose(0, 1)
                                          : input;
  const int64_t count = options_base.num_layers() * directions();
  if (hx.defined() || cx.defined()) {
    check_states(input, hx, cx);
    if (!batched) hx = hx.unsqueeze(1);
    if (!batched && is_lstm()) cx = cx.unsqueeze(1);
  } else {
    hx = zeros({count, x.size(1), output_size()}, input.scalar_type());
    if (is_lstm()) cx = zeros({count, x.size(1), options_base.hidden_size()}, input.scalar_type());
  }

  TensorVector h = hx.unbind(0);
  TensorVector c = is_lstm() ? cx.unbind(0) : TensorVector(h.size());
  size_t i = 0;
  for (int64_t layer = 0; layer < options_base.num_layers(); ++layer) {
    TensorVector outputs;
    for (int64_t direction = 0; direction < directions(); ++direction, ++i) {
      outputs.push_back(run_direction(x, weights_[i], direction == 1, h[i], c[i]));
    }
    x = outputs.size() == 1 ? outputs[0] : cat(outputs, 2);
    if (layer + 1 < options_base.num_layers()) {
      x = functional::dropout(
          x, functional::DropoutFuncOptions().p(options_base.dropout()).training(is_training()));
    }
  }

  Tensor h_n = stack(h, 0);
  Tensor c_n = is_lstm() ? stack(c, 0) : Tensor();
  if (!batched) {
    x = x.squeeze(1);
    h_n = h_n.squeeze(1);
    if (c_n.defined()) c_n = c_n.squeeze(1);
  } else if (options_base.batch_first()) {
    x = x.transpose(0, 1);
  }
  return {x, h_n, c_n};
}

namespace {

template <class Mode, class Options>
RNNOptionsBase base_options(Mode mode, const Options& options) {
  return RNNOptionsBase(mode, options.input_size(), options.hidden_size())
      .num_layers(options.num_layers())
      .bias(options.bias())
      .batch_first(options.batch_first())
      .dropout(options.dropout())
      .bidirectional(options.bidirectional());
}

RNNOptionsBase::rnn_options_base_mode_t rnn_mode(const RNNOptions& options) {
  if (std::holds_alternative<enumtype::kReLU>(options.nonlinearity())) return kRNN_RELU;
  return kRNN_TANH;
}

}  // namespace

}  // namespace detail

RNNImpl::RNNImpl(const RNNOptions& options)
    : RNNBase("RNN", detail::base_options(detail::rnn_mode(options), options)), options(options) {
  RNNImpl::reset();
}

std::tuple<Tensor, Tensor> RNNImpl::forward(const Tensor& input, Tensor hx) {
  auto [output, h_n, unused] = run(input, std::move(hx), {});
  return {output, h_n};
}

LSTMImpl::LSTMImpl(const LSTMOptions& options)
    : RNNBase("LSTM", detail::base_options(kLSTM, options).proj_size(options.proj_size())),
      options(options) {
  LSTMImpl::reset();
}

std::tuple<Tensor, std::tuple<Tensor, Tensor>> LSTMImpl::forward(
    const Tensor& input, std::optional<std::tuple<Tensor, Tensor>> hx_opt) {
  const auto [hx, cx] = hx_opt ? *hx_opt : std::tuple<Tensor, Tensor>();
  TAPER_CHECK(!hx_opt || (hx.defined() && cx.defined()),
              "LSTM: expected both states, got an undefined Tensor");
  auto [output, h_n, c_n] = run(input, hx, cx);
  return {output, {h_n, c_n}};
}

GRUImpl::GRUImpl(const GRUOptions& options)
    : RNNBase("GRU", detail::base_options(kGRU, options)), options(options) {
  GRUImpl::reset();
}

std::tuple<Tensor, Tensor> GRUImpl::forward(const Tensor& input, Tensor hx) {
  auto [output, h_n, unused] = run(input, std::move(hx), {});
  return {output, h_n};
}

}  // namespace taper::nn
