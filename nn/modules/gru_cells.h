#pragma once

#include <tuple>

#include "taper/nn/modules/linear.h"

// The two textbook GRU cells, written with Linears, whose reset gates act before and after the
// product with the state. Their weights are not interchangeable, nor with those of GRUCell, which
// packs its gates. Wrong ranks, sizes and dtypes and undefined tensors throw taper::Error.
namespace taper::nn {

// The gate resets the state before the transform (ONNX: linear_before_reset = 0):
//   r = sigmoid(reset_gate([x, h]))
//   z = sigmoid(update_gate([x, h]))
//   n = tanh(hidden_transform([x, r * h]))
//   h' = (1 - z) * h + z * n
// x [batch, input_size], h [batch, hidden_size] -> (h', tanh(h')), both [batch, hidden_size]. The
// three Linears map input_size + hidden_size to hidden_size.
class ResetBeforeGRUCellImpl : public Cloneable<ResetBeforeGRUCellImpl> {
 public:
  ResetBeforeGRUCellImpl(int64_t input_size, int64_t hidden_size);
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  std::tuple<Tensor, Tensor> forward(const Tensor& input, const Tensor& hidden);

  int64_t input_size;
  int64_t hidden_size;
  Linear reset_gate{nullptr};
  Linear update_gate{nullptr};
  Linear hidden_transform{nullptr};
};
TAPER_MODULE(ResetBeforeGRUCell);

// The gate resets the transformed state (ONNX: linear_before_reset = 1), as in PyTorch's GRUCell;
// AI Summer's cell with its names, by which the Linears called reset_w2 and reset_r2 make the
// update gate:
//   r = sigmoid(linear_reset_w1(x) + linear_reset_r1(h))
//   z = sigmoid(linear_reset_w2(x) + linear_reset_r2(h))
//   n = tanh(linear_gate_w3(x) + r * linear_gate_r3(h))
//   h' = (1 - z) * n + z * h
// x [batch, input_length], h [batch, hidden_length] -> h' [batch, hidden_length].
class ResetAfterGRUCellImpl : public Cloneable<ResetAfterGRUCellImpl> {
 public:
  explicit ResetAfterGRUCellImpl(int64_t input_length = 10, int64_t hidden_length = 20);
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& hidden);

  int64_t input_length;
  int64_t hidden_length;
  Linear linear_reset_w1{nullptr};
  Linear linear_reset_r1{nullptr};
  Linear linear_reset_w2{nullptr};
  Linear linear_reset_r2{nullptr};
  Linear linear_gate_w3{nullptr};
  Linear linear_gate_r3{nullptr};
};
TAPER_MODULE(ResetAfterGRUCell);

// Instantiated in the source, once for all users.
extern template class Cloneable<ResetBeforeGRUCellImpl>;
extern template class Cloneable<ResetAfterGRUCellImpl>;

}  // namespace taper::nn
