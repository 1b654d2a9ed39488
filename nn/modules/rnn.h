#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "taper/nn/arg.h"
#include "taper/nn/enum.h"
#include "taper/nn/module.h"
#include "taper/nn/packed_sequence.h"

// Recurrent networks over whole sequences. With T steps, batch B, D = 2 if bidirectional and else
// 1, L layers, H = hidden_size: input [T, B, input_size], or [B, T, input_size] if batch_first, or
// [T, input_size] without a batch; states [L * D, B, H] ([L * D, H] without a batch), zeros if not
// given. They return (output [T, B, D * H] of the last layer, laid out as the input is, and the
// states after the last step). Layer k and direction have the weights weight_ih_l{k} [G * H,
// input_size or D * H], weight_hh_l{k} [G * H, H], bias_ih_l{k}, bias_hh_l{k} [G * H], with
// _reverse for the second direction; all begin as U(-1/sqrt(H), 1/sqrt(H)). The equations stand at
// the cells. `dropout` applies in training to the output of each layer but the last. Wrong ranks,
// sizes and dtypes throw taper::Error.
//
// forward_with_packed_input takes sequences of different lengths in a PackedSequence and returns
// the outputs packed the same way; the states, given and returned, stand in the order of the batch
// that was packed, and those returned are each sequence's after its own last step.
namespace taper::nn {

struct RNNOptions {
  using nonlinearity_t = std::variant<enumtype::kTanh, enumtype::kReLU>;
  RNNOptions(int64_t input_size, int64_t hidden_size)
      : input_size_(input_size), hidden_size_(hidden_size) {}
  TAPER_ARG(int64_t, input_size);
  TAPER_ARG(int64_t, hidden_size);
  TAPER_ARG(int64_t, num_layers) = 1;
  TAPER_ARG(nonlinearity_t, nonlinearity) = kTanh;
  TAPER_ARG(bool, bias) = true;
  TAPER_ARG(bool, batch_first) = false;
  TAPER_ARG(double, dropout) = 0.0;
  TAPER_ARG(bool, bidirectional) = false;
};

struct LSTMOptions {
  LSTMOptions(int64_t input_size, int64_t hidden_size)
      : input_size_(input_size), hidden_size_(hidden_size) {}
  TAPER_ARG(int64_t, input_size);
  TAPER_ARG(int64_t, hidden_size);
  TAPER_ARG(int64_t, num_layers) = 1;
  TAPER_ARG(bool, bias) = true;
  TAPER_ARG(bool, batch_first) = false;
  TAPER_ARG(double, dropout) = 0.0;
  TAPER_ARG(bool, bidirectional) = false;
  TAPER_ARG(int64_t, proj_size) = 0;
};

struct GRUOptions {
  GRUOptions(int64_t input_size, int64_t hidden_size)
      : input_size_(input_size), hidden_size_(hidden_size) {}
  TAPER_ARG(int64_t, input_size);
  TAPER_ARG(int64_t, hidden_size);
  TAPER_ARG(int64_t, num_layers) = 1;
  TAPER_ARG(bool, bias) = true;
  TAPER_ARG(bool, batch_first) = false;
  TAPER_ARG(double, dropout) = 0.0;
  TAPER_ARG(bool, bidirectional) = false;
};

namespace detail {

struct RNNOptionsBase {
  using rnn_options_base_mode_t =
      std::variant<enumtype::kLSTM, enumtype::kGRU, enumtype::kRNN_TANH, enumtype::kRNN_RELU>;
  RNNOptionsBase(rnn_options_base_mode_t mode, int64_t input_size, int64_t hidden_size)
      : mode_(mode), input_size_(input_size), hidden_size_(hidden_size) {}
  TAPER_ARG(rnn_options_base_mode_t, mode);
  TAPER_ARG(int64_t, input_size);
  TAPER_ARG(int64_t, hidden_size);
  TAPER_ARG(int64_t, num_layers) = 1;
  TAPER_ARG(bool, bias) = true;
  TAPER_ARG(bool, batch_first) = false;
  TAPER_ARG(double, dropout) = 0.0;
  TAPER_ARG(bool, bidirectional) = false;
  TAPER_ARG(int64_t, proj_size) = 0;
};

// What the three networks share.
class RNNBase : public virtual Module {
 public:
  // The weights in the order of their registration: of each layer and direction weight_ih,
  // weight_hh, bias_ih, bias_hh, weight_hr, as far as there are.
  std::vector<Tensor> all_weights() const;
  // PyTorch's GPU layout of weights; nothing to do here.
  void flatten_parameters() {}
  void reset_parameters();

  RNNOptionsBase options_base;

 protected:
  using PackedSequence = utils::rnn::PackedSequence;

  RNNBase(const char* layer, RNNOptionsBase options)
      : options_base(std::move(options)), layer_(layer) {}
  void register_weights();
  void print(std::ostream& stream) const;
  // (output, h_n, c_n). The state is of one or, for the LSTM, two tensors; zeros if it is not
  // given.
  std::tuple<Tensor, Tensor, Tensor> run(const Tensor& input, Tensor hx, Tensor cx, bool given);
  std::tuple<PackedSequence, Tensor, Tensor> run_packed(const PackedSequence& input, Tensor hx,
                                                        Tensor cx, bool given);
  // The same for a network whose state is one tensor, zeros if it is undefined.
  std::tuple<Tensor, Tensor> run(const Tensor& input, Tensor hx);
  std::tuple<PackedSequence, Tensor> run_packed(const PackedSequence& input, Tensor hx);

 private:
  // One layer in one direction.
  struct Weights {
    Tensor ih, hh, bias_ih, bias_hh, hr;
  };
  bool is_lstm() const { return std::holds_alternative<enumtype::kLSTM>(options_base.mode()); }
  int64_t directions() const { return options_base.bidirectional() ? 2 : 1; }
  int64_t state_count() const { return options_base.num_layers() * directions(); }
  int64_t output_size() const {
    return options_base.proj_size() > 0 ? options_base.proj_size() : options_base.hidden_size();
  }
  void check_input(const Tensor& input, bool packed) const;
  void check_state(const char* label, const Tensor& state, int64_t batch, int64_t size) const;
  void check_dtypes(const Tensor& input, const Tensor& hx, const Tensor& cx) const;
  // Zeros, or the given states checked against the batch.
  void settle_states(Tensor& hx, Tensor& cx, bool given, const Tensor& input, int64_t batch) const;
  // One step: gi are the products with the input; h and c become the next states.
  void step(const Weights& weights, const Tensor& gi, Tensor& h, Tensor& c) const;
  Tensor run_direction(const Tensor& input, const Weights& weights, bool reverse, Tensor& h,
                       Tensor& c) const;
  Tensor run_packed_direction(const Tensor& data, const std::vector<int64_t>& batch_sizes,
                              const Weights& weights, bool reverse, Tensor& h, Tensor& c) const;
  // All layers over x; `direction(x, weights, reverse, h, c)` runs one. Returns (output, h_n, c_n).
  template <class Direction>
  std::tuple<Tensor, Tensor, Tensor> run_layers(Tensor x, const Tensor& hx, const Tensor& cx,
                                                const Direction& direction) const;

  const char* layer_;
  std::vector<Weights> weights_;
};

}  // namespace detail

// The Elman network (torch::nn::RNN). (input, hx) -> (output, h_n).
class RNNImpl : public detail::RNNBase, public Cloneable<RNNImpl> {
 public:
  RNNImpl(int64_t input_size, int64_t hidden_size) : RNNImpl(RNNOptions(input_size, hidden_size)) {}
  explicit RNNImpl(const RNNOptions& options);
  void reset() override { register_weights(); }
  void pretty_print(std::ostream& stream) const override { print(stream); }
  std::tuple<Tensor, Tensor> forward(const Tensor& input, Tensor hx = {});
  std::tuple<PackedSequence, Tensor> forward_with_packed_input(const PackedSequence& packed_input,
                                                               Tensor hx = {});

  RNNOptions options;

 protected:
  std::vector<std::pair<size_t, AnyValue>> _forward_default_args() const override;
};
TAPER_MODULE(RNN);

// Long short-term memory (torch::nn::LSTM). (input, (h, c)) -> (output, (h_n, c_n)). With proj_size
// P > 0 the output of a step is h = weight_hr_l{k} (o * tanh(c)), of size P in the place of H; c
// keeps H.
class LSTMImpl : public detail::RNNBase, public Cloneable<LSTMImpl> {
 public:
  LSTMImpl(int64_t input_size, int64_t hidden_size)
      : LSTMImpl(LSTMOptions(input_size, hidden_size)) {}
  explicit LSTMImpl(const LSTMOptions& options);
  void reset() override { register_weights(); }
  void pretty_print(std::ostream& stream) const override { print(stream); }
  std::tuple<Tensor, std::tuple<Tensor, Tensor>> forward(
      const Tensor& input, std::optional<std::tuple<Tensor, Tensor>> hx_opt = {});
  std::tuple<PackedSequence, std::tuple<Tensor, Tensor>> forward_with_packed_input(
      const PackedSequence& packed_input, std::optional<std::tuple<Tensor, Tensor>> hx_opt = {});

  LSTMOptions options;

 protected:
  std::vector<std::pair<size_t, AnyValue>> _forward_default_args() const override;
};
TAPER_MODULE(LSTM);

// RNN and GRU are declared alike: all they share stands in RNNBase, and a module declares its own
// forward, by which Sequential and AnyModule call it.
//
// The gated recurrent unit (torch::nn::GRU), reset after the product with h. (input, hx) ->
// (output, h_n).
class GRUImpl : public detail::RNNBase, public Cloneable<GRUImpl> {
 public:
  GRUImpl(int64_t input_size, int64_t hidden_size) : GRUImpl(GRUOptions(input_size, hidden_size)) {}
  explicit GRUImpl(const GRUOptions& options);
  void reset() override { register_weights(); }
  void pretty_print(std::ostream& stream) const override { print(stream); }
  std::tuple<Tensor, Tensor> forward(const Tensor& input, Tensor hx = {});
  std::tuple<PackedSequence, Tensor> forward_with_packed_input(const PackedSequence& packed_input,
                                                               Tensor hx = {});

  GRUOptions options;

 protected:
  std::vector<std::pair<size_t, AnyValue>> _forward_default_args() const override;
};
TAPER_MODULE(GRU);

// Instantiated in the source, once for all users.
extern template class Cloneable<RNNImpl>;
extern template class Cloneable<LSTMImpl>;
extern template class Cloneable<GRUImpl>;

}  // namespace taper::nn
