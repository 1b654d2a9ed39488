#include "taper/nn/modules/gru_cells.h"

#include <ostream>

#include "taper/autograd/ops.h"

namespace taper::nn {

template class Cloneable<ResetBeforeGRUCellImpl>;
template class Cloneable<ResetAfterGRUCellImpl>;

namespace {

void check_sizes(const char* layer, int64_t input_size, int64_t hidden_size) {
  TAPER_CHECK(input_size >= 0 && hidden_size > 0, layer,
              ": expected a positive hidden size, got input size ", input_size, " and hidden size ",
              hidden_size);
}

// x must be [batch, columns] of the weights' dtype.
void check_matrix(const char* layer, const char* what, const Tensor& x, int64_t columns,
                  ScalarType dtype) {
  TAPER_CHECK(x.defined(), layer, ": expected ", what, " [batch, ", columns,
              "], got an undefined Tensor");
  TAPER_CHECK(x.dim() == 2 && x.size(1) == columns, layer, ": expected ", what, " [batch, ",
              columns, "], got ", x.sizes());
  TAPER_CHECK(x.scalar_type() == dtype, layer, ": expected ", what, " of ", dtype, ", got ",
              x.scalar_type());
}

void check_step(const char* layer, const Tensor& input, int64_t input_size, const Tensor& hidden,
                int64_t hidden_size, ScalarType dtype) {
  check_matrix(layer, "input", input, input_size, dtype);
  check_matrix(layer, "hidden", hidden, hidden_size, dtype);
  TAPER_CHECK(input.size(0) == hidden.size(0), layer,
              ": expected input and hidden of one batch, got ", input.sizes(), " and ",
              hidden.sizes());
}

}  // namespace

ResetBeforeGRUCellImpl::ResetBeforeGRUCellImpl(int64_t input_size, int64_t hidden_size)
    : input_size(input_size), hidden_size(hidden_size) {
  ResetBeforeGRUCellImpl::reset();
}

void ResetBeforeGRUCellImpl::reset() {
  check_sizes("ResetBeforeGRUCell", input_size, hidden_size);
  const int64_t both = input_size + hidden_size;
  reset_gate = register_module("reset_gate", Linear(both, hidden_size));
  update_gate = register_module("update_gate", Linear(both, hidden_size));
  hidden_transform = register_module("hidden_transform", Linear(both, hidden_size));
}

void ResetBeforeGRUCellImpl::pretty_print(std::ostream& stream) const {
  stream << "taper::nn::ResetBeforeGRUCell";
}

std::tuple<Tensor, Tensor> ResetBeforeGRUCellImpl::forward(const Tensor& input,
                                                           const Tensor& hidden) {
  check_step("ResetBeforeGRUCell", input, input_size, hidden, hidden_size,
             reset_gate->weight.scalar_type());
  const Tensor combined = cat({input, hidden}, 1);
  const Tensor r = sigmoid(reset_gate(combined));
  const Tensor z = sigmoid(update_gate(combined));
  const Tensor n = tanh(hidden_transform(cat({input, r * hidden}, 1)));
  const Tensor next_hidden = (1 - z) * hidden + z * n;
  return {next_hidden, tanh(next_hidden)};
}

ResetAfterGRUCellImpl::ResetAfterGRUCellImpl(int64_t input_length, int64_t hidden_length)
    : input_length(input_length), hidden_length(hidden_length) {
  ResetAfterGRUCellImpl::reset();
}

void ResetAfterGRUCellImpl::reset() {
  check_sizes("ResetAfterGRUCell", input_length, hidden_length);
  linear_reset_w1 = register_module("linear_reset_w1", Linear(input_length, hidden_length));
  linear_reset_r1 = register_module("linear_reset_r1", Linear(hidden_length, hidden_length));
  linear_reset_w2 = register_module("linear_reset_w2", Linear(input_length, hidden_length));
  linear_reset_r2 = register_module("linear_reset_r2", Linear(hidden_length, hidden_length));
  linear_gate_w3 = register_module("linear_gate_w3", Linear(input_length, hidden_length));
  linear_gate_r3 = register_module("linear_gate_r3", Linear(hidden_length, hidden_length));
}

void ResetAfterGRUCellImpl::pretty_print(std::ostream& stream) const {
  stream << "taper::nn::ResetAfterGRUCell";
}

Tensor ResetAfterGRUCellImpl::forward(const Tensor& input, const Tensor& hidden) {
  check_step("ResetAfterGRUCell", input, input_length, hidden, hidden_length,
             linear_reset_w1->weight.scalar_type());
  const Tensor r = sigmoid(linear_reset_w1(input) + linear_reset_r1(hidden));
  const Tensor z = sigmoid(linear_reset_w2(input) + linear_reset_r2(hidden));
  const Tensor n = tanh(linear_gate_w3(input) + r * linear_gate_r3(hidden));
  return (1 - z) * n + z * hidden;
}

}  // namespace taper::nn
