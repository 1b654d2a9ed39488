#pragma once

#include <optional>
#include <tuple>
#include <variant>

#include "taper/nn/arg.h"
#include "taper/nn/enum.h"
#include "taper/nn/module.h"

// One step of a recurrent network. x [batch, input_size] or [input_size]; states [batch,
// hidden_size] or [hidden_size], zeros if not given. Weights bear PyTorch's names and layout:
// weight_ih [G * hidden_size, input_size], weight_hh [G * hidden_size, hidden_size], bias_ih and
// bias_hh [G * hidden_size], G gates one below the other; all begin as U(-1/sqrt(hidden_size),
// 1/sqrt(hidden_size)). Wrong ranks, sizes and dtypes throw taper::Error.
namespace taper::nn {

struct RNNCellOptions {
  using nonlinearity_t = std::variant<enumtype::kTanh, enumtype::kReLU>;
  RNNCellOptions(int64_t input_size, int64_t hidden_size)
      : input_size_(input_size), hidden_size_(hidden_size) {}
  TAPER_ARG(int64_t, input_size);
  TAPER_ARG(int64_t, hidden_size);
  TAPER_ARG(bool, bias) = true;
  TAPER_ARG(nonlinearity_t, nonlinearity) = kTanh;
};

struct GRUCellOptions {
  GRUCellOptions(int64_t input_size, int64_t hidden_size)
      : input_size_(input_size), hidden_size_(hidden_size) {}
  TAPER_ARG(int64_t, input_size);
  TAPER_ARG(int64_t, hidden_size);
  TAPER_ARG(bool, bias) = true;
};

struct LSTMCellOptions {
  LSTMCellOptions(int64_t input_size, int64_t hidden_size)
      : input_size_(input_size), hidden_size_(hidden_size) {}
  TAPER_ARG(int64_t, input_size);
  TAPER_ARG(int64_t, hidden_size);
  TAPER_ARG(bool, bias) = true;
};

namespace detail {

struct RNNCellOptionsBase {
  RNNCellOptionsBase(int64_t input_size, int64_t hidden_size, bool bias, int64_t num_chunks)
      : input_size_(input_size), hidden_size_(hidden_size), bias_(bias), num_chunks_(num_chunks) {}
  TAPER_ARG(int64_t, input_size);
  TAPER_ARG(int64_t, hidden_size);
  TAPER_ARG(bool, bias);
  TAPER_ARG(int64_t, num_chunks);  // the gates, G
};

// The gates of one step, from gi = x weight_ih^T + bias_ih and gh = h weight_hh^T + bias_hh, both
// [batch, G * H].
Tensor rnn_step(const Tensor& gi, const Tensor& gh, bool relu);
Tensor gru_step(const Tensor& gi, const Tensor& gh, const Tensor& h);
std::tuple<Tensor, Tensor> lstm_step(const Tensor& gi, const Tensor& gh,
                                     const Tensor& c);  // (o * tanh(c'), c')

// What the three cells share.
class RNNCellBase : public virtual Module {
 public:
  void reset_parameters();

  RNNCellOptionsBase options_base;
  Tensor weight_ih;
  Tensor weight_hh;
  Tensor bias_ih;
  Tensor bias_hh;

 protected:
  // `layer` is "GRUCell".
  RNNCellBase(const char* layer, const RNNCellOptionsBase& options)
      : options_base(options), layer_(layer) {}
  void register_weights();
  void print(std::ostream& stream, const std::string& nonlinearity) const;
  void check_input(const Tensor& input) const;
  void check_state(const Tensor& input, const Tensor& state, const char* label) const;
  // A [hidden_size] or [batch, hidden_size] of zeros for the input.
  Tensor zero_state(const Tensor& input) const;
  Tensor input_gates(const Tensor& input) const;
  Tensor hidden_gates(const Tensor& hidden) const;

 private:
  const char* layer_;
};

}  // namespace detail

// h' = tanh(W_ih x + b_ih + W_hh h + b_hh), or relu (torch::nn::RNNCell). (x, h) -> h' like h.
class RNNCellImpl : public detail::RNNCellBase, public Cloneable<RNNCellImpl> {
 public:
  RNNCellImpl(int64_t input_size, int64_t hidden_size)
      : RNNCellImpl(RNNCellOptions(input_size, hidden_size)) {}
  explicit RNNCellImpl(const RNNCellOptions& options);
  void reset() override { register_weights(); }
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, Tensor hx = {});

  RNNCellOptions options;

 protected:
  std::vector<std::pair<size_t, AnyValue>> _forward_default_args() const override;
};
TAPER_MODULE(RNNCell);

// Gates r, z, n (torch::nn::GRUCell):
//   r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)
//   z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)
//   n = tanh(W_in x + b_in + r * (W_hn h + b_hn))
//   h' = (1 - z) * n + z * h
class GRUCellImpl : public detail::RNNCellBase, public Cloneable<GRUCellImpl> {
 public:
  GRUCellImpl(int64_t input_size, int64_t hidden_size)
      : GRUCellImpl(GRUCellOptions(input_size, hidden_size)) {}
  explicit GRUCellImpl(const GRUCellOptions& options);
  void reset() override { register_weights(); }
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, Tensor hx = {});

  GRUCellOptions options;

 protected:
  std::vector<std::pair<size_t, AnyValue>> _forward_default_args() const override;
};
TAPER_MODULE(GRUCell);

// Gates i, f, g, o (torch::nn::LSTMCell):
//   i, f, o = sigmoid(W_i. x + b_i. + W_h. h + b_h.), g = tanh(W_ig x + b_ig + W_hg h + b_hg)
//   c' = f * c + i * g
//   h' = o * tanh(c')
// (x, (h, c)) -> (h', c').
class LSTMCellImpl : public detail::RNNCellBase, public Cloneable<LSTMCellImpl> {
 public:
  LSTMCellImpl(int64_t input_size, int64_t hidden_size)
      : LSTMCellImpl(LSTMCellOptions(input_size, hidden_size)) {}
  explicit LSTMCellImpl(const LSTMCellOptions& options);
  void reset() override { register_weights(); }
  void pretty_print(std::ostream& stream) const override;
  std::tuple<Tensor, Tensor> forward(const Tensor& input,
                                     std::optional<std::tuple<Tensor, Tensor>> hx_opt = {});

  LSTMCellOptions options;

 protected:
  std::vector<std::pair<size_t, AnyValue>> _forward_default_args() const override;
};
TAPER_MODULE(LSTMCell);

// Instantiated in the source, once for all users.
extern template class Cloneable<RNNCellImpl>;
extern template class Cloneable<GRUCellImpl>;
extern template class Cloneable<LSTMCellImpl>;

}  // namespace taper::nn
