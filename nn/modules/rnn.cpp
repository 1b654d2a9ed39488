#include "taper/nn/modules/rnn.h"

#include <algorithm>
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
  TAPER_CHECK(
      o.proj_size() >= 0 && o.proj_size() < o.hidden_size(),
      "proj_size has to be a positive integer, smaller than hidden_size or zero to disable "
      "projections (",
      layer_, ": proj_size ", o.proj_size(),
      o.hidden_size() > 0 ? ", hidden_size " : ", hidden_size must be greater than zero, got ",
      o.hidden_size(), ")");
  TAPER_CHECK(o.num_layers() > 0, layer_, ": num_layers must be greater than zero, got ",
              o.num_layers());
  if (o.dropout() > 0 && o.num_layers() == 1) {
    std::fprintf(stderr,
                 "Warning: dropout option adds dropout after all but last recurrent layer, so "
                 "non-zero dropout expects num_layers greater than 1, but got dropout=%g and "
                 "num_layers=1\n",
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

std::vector<Tensor> RNNBase::all_weights() const {
  std::vector<Tensor> all;
  for (const Weights& w : weights_) {
    for (const Tensor& weight : {w.ih, w.hh, w.bias_ih, w.bias_hh, w.hr}) {
      if (weight.defined()) all.push_back(weight);
    }
  }
  return all;
}

void RNNBase::reset_parameters() {
  const double bound = 1 / std::sqrt(static_cast<double>(options_base.hidden_size()));
  for (const Tensor& weight : parameters()) init::uniform_(weight, -bound, bound);
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

void RNNBase::check_input(const Tensor& input, bool packed) const {
  const int64_t size = options_base.input_size();
  TAPER_CHECK(input.defined(), layer_, ": expected input ",
              options_base.batch_first() ? "[batch, seq_len, " : "[seq_len, batch, ", size,
              "] or [seq_len, ", size, "], got an undefined Tensor");
  // A sequence without a batch is more than libtorch 1.13 takes.
  const bool unbatched = !packed && input.dim() == 2;
  const int64_t dims = packed ? 2 : 3;
  TAPER_CHECK(input.dim() == dims || unbatched, "input must have ", dims, " dimensions, got ",
              input.dim(), " (", layer_, ", of sizes ", input.sizes(), ")");
  TAPER_CHECK(input.size(-1) == size, "input.size(-1) must be equal to input_size. Expected ", size,
              ", got ", input.size(-1), " (", layer_, ", with input ", input.sizes(), ")");
}

void RNNBase::check_state(const char* label, const Tensor& state, int64_t batch,
                          int64_t size) const {
  const int64_t expected[] = {state_count(), batch, size};
  const int64_t undefined[] = {0};
  const IntArrayRef sizes = state.defined() ? state.sizes() : IntArrayRef(undefined);
  TAPER_CHECK(sizes == IntArrayRef(expected), "Expected ", label, " size ", expected[0], ' ',
              expected[1], ' ', expected[2], ", got ", sizes, " (", layer_, ")");
}

void RNNBase::check_dtypes(const Tensor& input, const Tensor& hx, const Tensor& cx) const {
  const ScalarType expected = weights_.front().ih.scalar_type();
  const auto check = [&](const char* what, const Tensor& x) {
    TAPER_CHECK(!x.defined() || x.scalar_type() == expected,
                "mat1 and mat2 must have the same dtype (", layer_, ": expected ", what, " of ",
                expected, ", got ", x.scalar_type(), ")");
  };
  check("input", input);
  check(is_lstm() ? "hidden[0]" : "hidden", hx);
  check("hidden[1]", cx);
}

void RNNBase::settle_states(Tensor& hx, Tensor& cx, bool given, const Tensor& input,
                            int64_t batch) const {
  if (!given) {
    hx = zeros({state_count(), batch, output_size()}, input.scalar_type());
    if (is_lstm()) {
      cx = zeros({state_count(), batch, options_base.hidden_size()}, input.scalar_type());
    }
    return;
  }
  check_state(is_lstm() ? "hidden[0]" : "hidden", hx, batch, output_size());
  if (is_lstm()) check_state("hidden[1]", cx, batch, options_base.hidden_size());
}

void RNNBase::step(const Weights& w, const Tensor& gi, Tensor& h, Tensor& c) const {
  const Tensor gh = functional::linear(h, w.hh, w.bias_hh);
  if (is_lstm()) {
    std::tie(h, c) = lstm_step(gi, gh, c);
    if (w.hr.defined()) h = functional::linear(h, w.hr);
  } else if (std::holds_alternative<enumtype::kGRU>(options_base.mode())) {
    h = gru_step(gi, gh, h);
  } else {
    h = rnn_step(gi, gh, std::holds_alternative<enumtype::kRNN_RELU>(options_base.mode()));
  }
}

Tensor RNNBase::run_direction(const Tensor& input, const Weights& w, bool reverse, Tensor& h,
                              Tensor& c) const {
  // input [T, B, I]; the products with it for all steps at once, [T, B, G * H].
  const TensorVector gi = functional::linear(input, w.ih, w.bias_ih).unbind(0);
  TensorVector outputs(gi.size());
  for (size_t i = 0; i < gi.size(); ++i) {
    const size_t t = reverse ? gi.size() - 1 - i : i;
    step(w, gi[t], h, c);
    outputs[t] = h;
  }
  return stack(outputs, 0);
}

Tensor RNNBase::run_packed_direction(const Tensor& data, const std::vector<int64_t>& batch_sizes,
                                     const Weights& w, bool reverse, Tensor& h, Tensor& c) const {
  const TensorVector gi =
      functional::linear(data, w.ih, w.bias_ih).split(IntArrayRef(batch_sizes), 0);
  TensorVector outputs(gi.size());
  if (reverse) {
    // From the last step of the longest sequence on; the others come in at their own last step.
    const Tensor h0 = h, c0 = c;
    const auto join = [](Tensor& state, const Tensor& initial, int64_t begin, int64_t end) {
      if (!state.defined()) return;
      state = cat({state, initial.narrow(0, begin, end - begin)}, 0);
    };
    h = h0.narrow(0, 0, batch_sizes.back());
    if (c.defined()) c = c0.narrow(0, 0, batch_sizes.back());
    for (size_t t = gi.size(); t-- > 0;) {
      const int64_t begin = h.size(0);
      if (begin < batch_sizes[t]) {
        join(h, h0, begin, batch_sizes[t]);
        join(c, c0, begin, batch_sizes[t]);
      }
      step(w, gi[t], h, c);
      outputs[t] = h;
    }
    return cat(outputs, 0);
  }
  // The last states of sequences that have ended: shorter sequences stand further down.
  TensorVector ended_h, ended_c;
  const auto leave = [](Tensor& state, TensorVector& ended, int64_t left) {
    if (!state.defined()) return;
    ended.push_back(state.narrow(0, left, state.size(0) - left));
    state = state.narrow(0, 0, left);
  };
  const auto gather = [](Tensor& state, TensorVector& ended) {
    if (ended.empty()) return;
    ended.push_back(state);
    std::reverse(ended.begin(), ended.end());
    state = cat(ended, 0);
  };
  for (size_t t = 0; t < gi.size(); ++t) {
    if (batch_sizes[t] < h.size(0)) {
      leave(h, ended_h, batch_sizes[t]);
      leave(c, ended_c, batch_sizes[t]);
    }
    step(w, gi[t], h, c);
    outputs[t] = h;
  }
  gather(h, ended_h);
  gather(c, ended_c);
  return cat(outputs, 0);
}

template <class Direction>
std::tuple<Tensor, Tensor, Tensor> RNNBase::run_layers(Tensor x, const Tensor& hx, const Tensor& cx,
                                                       const Direction& direction) const {
  TensorVector h = hx.unbind(0);
  TensorVector c = is_lstm() ? cx.unbind(0) : TensorVector(h.size());
  size_t i = 0;
  for (int64_t layer = 0; layer < options_base.num_layers(); ++layer) {
    TensorVector outputs;
    for (int64_t d = 0; d < directions(); ++d, ++i) {
      outputs.push_back(direction(x, weights_[i], d == 1, h[i], c[i]));
    }
    x = outputs.size() == 1 ? outputs[0] : cat(outputs, -1);
    if (layer + 1 < options_base.num_layers()) {
      x = functional::dropout(
          x, functional::DropoutFuncOptions().p(options_base.dropout()).training(is_training()));
    }
  }
  return {x, stack(h, 0), is_lstm() ? stack(c, 0) : Tensor()};
}

std::tuple<Tensor, Tensor, Tensor> RNNBase::run(const Tensor& input, Tensor hx, Tensor cx,
                                                bool given) {
  check_input(input, /*packed=*/false);
  const bool batched = input.dim() == 3;
  if (!batched && given) {
    const auto unbatched = [&](const char* label, Tensor& state) {
      TAPER_CHECK(state.defined() && state.dim() == 2, "For unbatched 2-D input, ", label,
                  " should also be 2-D but got ", state.defined() ? state.dim() : 0, "-D tensor (",
                  layer_, ")");
      state = state.unsqueeze(1);
    };
    unbatched("hx", hx);
    if (is_lstm()) unbatched("cx", cx);
  }
  const Tensor x = !batched                     ? input.unsqueeze(1)
                   : options_base.batch_first() ? input.transpose(0, 1)
                                                : input;
  settle_states(hx, cx, given, x, x.size(1));
  TAPER_CHECK(x.size(0) > 0, "Expected sequence length to be larger than 0 in RNN (", layer_,
              ", with input ", input.sizes(), ")");
  check_dtypes(x, hx, cx);

  auto [output, h_n, c_n] = run_layers(
      x, hx, cx, [this](const Tensor& in, const Weights& w, bool reverse, Tensor& h, Tensor& c) {
        return run_direction(in, w, reverse, h, c);
      });
  if (!batched) {
    output = output.squeeze(1);
    h_n = h_n.squeeze(1);
    if (c_n.defined()) c_n = c_n.squeeze(1);
  } else if (options_base.batch_first()) {
    output = output.transpose(0, 1);
  }
  return {output, h_n, c_n};
}

std::tuple<utils::rnn::PackedSequence, Tensor, Tensor> RNNBase::run_packed(
    const PackedSequence& input, Tensor hx, Tensor cx, bool given) {
  const auto permute = [](Tensor& state, const Tensor& order) {
    if (state.defined() && order.defined()) state = state.index_select(1, order);
  };
  check_input(input.data(), /*packed=*/true);
  const Tensor sizes = input.batch_sizes().to(kInt64).contiguous();
  const auto* first = sizes.data_ptr<int64_t>();
  const std::vector<int64_t> batch_sizes(first, first + sizes.numel());
  TAPER_CHECK(!batch_sizes.empty(), layer_, ": expected batch_sizes [steps], got ", sizes.sizes());
  permute(hx, input.sorted_indices());
  permute(cx, input.sorted_indices());
  settle_states(hx, cx, given, input.data(), batch_sizes.front());
  check_dtypes(input.data(), hx, cx);

  auto [output, h_n, c_n] =
      run_layers(input.data(), hx, cx,
                 [&](const Tensor& in, const Weights& w, bool reverse, Tensor& h, Tensor& c) {
                   return run_packed_direction(in, batch_sizes, w, reverse, h, c);
                 });
  permute(h_n, input.unsorted_indices());
  permute(c_n, input.unsorted_indices());
  return {
      PackedSequence(output, input.batch_sizes(), input.sorted_indices(), input.unsorted_indices()),
      h_n, c_n};
}

std::tuple<Tensor, Tensor> RNNBase::run(const Tensor& input, Tensor hx) {
  const bool given = hx.defined();
  auto [output, h_n, unused] = run(input, std::move(hx), {}, given);
  return {output, h_n};
}

std::tuple<utils::rnn::PackedSequence, Tensor> RNNBase::run_packed(const PackedSequence& input,
                                                                   Tensor hx) {
  const bool given = hx.defined();
  auto [output, h_n, unused] = run_packed(input, std::move(hx), {}, given);
  return {output, h_n};
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
  return run(input, std::move(hx));
}

std::tuple<utils::rnn::PackedSequence, Tensor> RNNImpl::forward_with_packed_input(
    const PackedSequence& packed_input, Tensor hx) {
  return run_packed(packed_input, std::move(hx));
}

LSTMImpl::LSTMImpl(const LSTMOptions& options)
    : RNNBase("LSTM", detail::base_options(kLSTM, options).proj_size(options.proj_size())),
      options(options) {
  LSTMImpl::reset();
}

std::tuple<Tensor, std::tuple<Tensor, Tensor>> LSTMImpl::forward(
    const Tensor& input, std::optional<std::tuple<Tensor, Tensor>> hx_opt) {
  const auto [hx, cx] = hx_opt.value_or(std::tuple<Tensor, Tensor>());
  auto [output, h_n, c_n] = run(input, hx, cx, hx_opt.has_value());
  return {output, {h_n, c_n}};
}

std::tuple<utils::rnn::PackedSequence, std::tuple<Tensor, Tensor>>
LSTMImpl::forward_with_packed_input(const PackedSequence& packed_input,
                                    std::optional<std::tuple<Tensor, Tensor>> hx_opt) {
  const auto [hx, cx] = hx_opt.value_or(std::tuple<Tensor, Tensor>());
  auto [output, h_n, c_n] = run_packed(packed_input, hx, cx, hx_opt.has_value());
  return {output, {h_n, c_n}};
}

GRUImpl::GRUImpl(const GRUOptions& options)
    : RNNBase("GRU", detail::base_options(kGRU, options)), options(options) {
  GRUImpl::reset();
}

std::tuple<Tensor, Tensor> GRUImpl::forward(const Tensor& input, Tensor hx) {
  return run(input, std::move(hx));
}

std::tuple<utils::rnn::PackedSequence, Tensor> GRUImpl::forward_with_packed_input(
    const PackedSequence& packed_input, Tensor hx) {
  return run_packed(packed_input, std::move(hx));
}

// What Sequential calls them with, besides the input.
std::vector<std::pair<size_t, AnyValue>> RNNImpl::_forward_default_args() const {
  return {{1, AnyValue(Tensor())}};
}
std::vector<std::pair<size_t, AnyValue>> LSTMImpl::_forward_default_args() const {
  return {{1, AnyValue(std::optional<std::tuple<Tensor, Tensor>>())}};
}
std::vector<std::pair<size_t, AnyValue>> GRUImpl::_forward_default_args() const {
  return {{1, AnyValue(Tensor())}};
}

}  // namespace taper::nn
