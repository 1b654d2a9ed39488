#include "taper/nn/modules/gru_classifier.h"

#include <ostream>

#include "taper/autograd/ops.h"

namespace taper::nn {

template class Cloneable<GRUClassifierImpl>;

GRUClassifierImpl::GRUClassifierImpl(const GRUClassifierOptions& options) : options(options) {
  GRUClassifierImpl::reset();
}

void GRUClassifierImpl::reset() {
  const int64_t input = options.input_size();
  const int64_t hidden = options.hidden_size();
  if (std::holds_alternative<enumtype::kResetBefore>(options.cell())) {
    reset_before_ = register_module("gru", ResetBeforeGRUCell(input, hidden));
  } else if (std::holds_alternative<enumtype::kResetAfter>(options.cell())) {
    reset_after_ = register_module("gru", ResetAfterGRUCell(input, hidden));
  } else {
    standard_ = register_module("gru", GRUCell(input, hidden));
  }
  fc = register_module("fc", Linear(hidden, options.num_classes()));
}

void GRUClassifierImpl::pretty_print(std::ostream& stream) const {
  stream << "taper::nn::GRUClassifier";
}

Tensor GRUClassifierImpl::step(const Tensor& x, const Tensor& h) {
  if (reset_before_) return std::get<0>(reset_before_(x, h));
  return reset_after_ ? reset_after_(x, h) : standard_(x, h);
}

void GRUClassifierImpl::check(const Tensor& x, const Tensor& h0, const Tensor& lengths) const {
  const int64_t input = options.input_size();
  const int64_t hidden = options.hidden_size();
  const ScalarType dtype = fc->weight.scalar_type();
  TAPER_CHECK(x.defined(), "GRUClassifier: expected x [batch, ", input, "] or [seq_len, batch, ",
              input, "], got an undefined Tensor");
  TAPER_CHECK((x.dim() == 2 || x.dim() == 3) && x.size(-1) == input,
              "GRUClassifier: expected x [batch, ", input, "] or [seq_len, batch, ", input,
              "], got ", x.sizes());
  TAPER_CHECK(x.numel() > 0 || input == 0,
              "GRUClassifier: expected at least one step and one sequence, got x ", x.sizes());
  TAPER_CHECK(x.scalar_type() == dtype, "GRUClassifier: expected x of ", dtype, ", got ",
              x.scalar_type());
  const int64_t batch = x.size(-2);
  TAPER_CHECK(h0.defined(), "GRUClassifier: expected h0 [", batch, ", ", hidden,
              "], got an undefined Tensor");
  TAPER_CHECK(h0.dim() == 2 && h0.size(0) == batch && h0.size(1) == hidden,
              "GRUClassifier: expected h0 [", batch, ", ", hidden, "] with x ", x.sizes(), ", got ",
              h0.sizes());
  TAPER_CHECK(h0.scalar_type() == dtype, "GRUClassifier: expected h0 of ", dtype, ", got ",
              h0.scalar_type());
  if (!lengths.defined()) return;

  TAPER_CHECK(x.dim() == 3, "GRUClassifier: lengths need x [seq_len, batch, ", input, "], got ",
              x.sizes());
  TAPER_CHECK(lengths.dim() == 1 && lengths.size(0) == batch, "GRUClassifier: expected lengths [",
              batch, "] with x ", x.sizes(), ", got ", lengths.sizes());
  TAPER_CHECK(lengths.scalar_type() == kInt64, "GRUClassifier: expected lengths of Long, got ",
              lengths.scalar_type());
  const Tensor flat = lengths.contiguous();
  const int64_t* data = flat.data_ptr<int64_t>();
  for (int64_t b = 0; b < batch; ++b) {
    TAPER_CHECK(data[b] >= 1 && data[b] <= x.size(0), "GRUClassifier: expected lengths in 1 .. ",
                x.size(0), ", got ", data[b], " for sequence ", b);
  }
}

Tensor GRUClassifierImpl::forward(const Tensor& x, const Tensor& h0, const Tensor& lengths) {
  check(x, h0, lengths);
  if (x.dim() == 2) return fc(step(x, h0).select(0, -1));

  TensorVector states;  // each [batch, hidden_size]
  Tensor h = h0;
  for (const Tensor& x_t : x.unbind(0)) {
    h = step(x_t, h);
    if (lengths.defined()) states.push_back(h);
  }
  if (!lengths.defined()) return fc(h);

  // out [seq_len, batch, hidden_size]; of it the row lengths[b] - 1 for each b.
  const Tensor out = stack(states, 0);
  const Tensor last = (lengths - 1).view({1, -1, 1}).expand({1, x.size(1), options.hidden_size()});
  return fc(out.gather(0, last).squeeze(0));
}

// What Sequential calls them with, besides the input.
std::vector<std::pair<size_t, AnyValue>> GRUClassifierImpl::_forward_default_args() const {
  return {{2, AnyValue(Tensor())}};
}

}  // namespace taper::nn
