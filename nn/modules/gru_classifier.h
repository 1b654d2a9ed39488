#pragma once

#include <memory>
#include <variant>

#include "taper/nn/arg.h"
#include "taper/nn/enum.h"
#include "taper/nn/modules/gru_cells.h"
#include "taper/nn/modules/linear.h"
#include "taper/nn/modules/rnn_cell.h"

namespace taper::nn {

struct GRUClassifierOptions {
  using cell_t = std::variant<enumtype::kResetBefore, enumtype::kResetAfter, enumtype::kGRU>;
  GRUClassifierOptions(int64_t input_size, int64_t hidden_size, int64_t num_classes)
      : input_size_(input_size), hidden_size_(hidden_size), num_classes_(num_classes) {}
  TAPER_ARG(int64_t, input_size);
  TAPER_ARG(int64_t, hidden_size);
  TAPER_ARG(int64_t, num_classes);
  // kResetBefore: ResetBeforeGRUCell; kResetAfter: ResetAfterGRUCell; kGRU: GRUCell.
  TAPER_ARG(cell_t, cell) = kResetBefore;
};

// A GRU cell `gru` and a Linear `fc` on its state. h0 [batch, hidden_size].
// - x [seq_len, batch, input_size]: the cell runs over the steps; logits [batch, num_classes] = fc
// of the state after
//   the last step, or with lengths (int64 [batch], each in 1 .. seq_len) after step lengths[b] of
//   sequence b.
// - x [batch, input_size]: one step; logits [num_classes] = fc(out[-1, :]), of the last row of the
// batch. Wrong ranks, sizes, dtypes and undefined tensors throw taper::Error.
class GRUClassifierImpl : public Cloneable<GRUClassifierImpl> {
 public:
  GRUClassifierImpl(int64_t input_size, int64_t hidden_size, int64_t num_classes)
      : GRUClassifierImpl(GRUClassifierOptions(input_size, hidden_size, num_classes)) {}
  explicit GRUClassifierImpl(const GRUClassifierOptions& options);
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& x, const Tensor& h0, const Tensor& lengths = {});

  GRUClassifierOptions options;
  Linear fc{nullptr};

 protected:
  std::vector<std::pair<size_t, AnyValue>> _forward_default_args() const override;

 private:
  Tensor step(const Tensor& x, const Tensor& h);
  void check(const Tensor& x, const Tensor& h0, const Tensor& lengths) const;

  // The one that options.cell() names, registered as `gru`; the others are empty.
  ResetBeforeGRUCell reset_before_{nullptr};
  ResetAfterGRUCell reset_after_{nullptr};
  GRUCell standard_{nullptr};
};
TAPER_MODULE(GRUClassifier);

// Instantiated in the source, once for all users.
extern template class Cloneable<GRUClassifierImpl>;

}  // namespace taper::nn
