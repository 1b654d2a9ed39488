#include "taper/nn/packed_sequence.h"

#include <utility>
#include <vector>

#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"

namespace taper::nn::utils::rnn {

Tensor invert_permutation(const Tensor& permutation) {
  if (!permutation.defined()) return {};
  const Tensor inverse = empty(permutation.sizes(), permutation.scalar_type());
  return inverse.scatter_(0, permutation, arange(permutation.numel()));
}

PackedSequence::PackedSequence(Tensor data, Tensor batch_sizes, Tensor sorted_indices,
                               Tensor unsorted_indices)
    : data_(std::move(data)),
      batch_sizes_(std::move(batch_sizes)),
      sorted_indices_(std::move(sorted_indices)),
      unsorted_indices_(std::move(unsorted_indices)) {
  TAPER_CHECK(batch_sizes_.defined(),
              "PackedSequence: expected batch_sizes [steps], got an undefined Tensor");
  if (!unsorted_indices_.defined()) unsorted_indices_ = invert_permutation(sorted_indices_);
}

PackedSequence PackedSequence::to(const TensorOptions& options) const {
  Tensor data = data_.to(options);
  if (data.is_same(data_)) return *this;
  return PackedSequence(std::move(data), batch_sizes_, sorted_indices_, unsorted_indices_);
}

PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first,
                                    bool enforce_sorted) {
  TAPER_CHECK(lengths.defined(), "pack_padded_sequence: expected lengths, got an undefined Tensor");
  lengths = lengths.to(kInt64);
  Tensor sorted_indices;
  if (!enforce_sorted) {
    std::tie(lengths, sorted_indices) = sort(lengths, /*dim=*/-1, /*descending=*/true);
    input = input.index_select(batch_first ? 0 : 1, sorted_indices);
  }
  auto [data, batch_sizes] = _pack_padded_sequence(input, lengths, batch_first);
  return PackedSequence(std::move(data), std::move(batch_sizes), std::move(sorted_indices));
}

std::tuple<Tensor, Tensor> pad_packed_sequence(PackedSequence sequence, bool batch_first,
                                               double padding_value,
                                               std::optional<int64_t> total_length) {
  int64_t steps = sequence.batch_sizes().size(0);
  if (total_length) {
    TAPER_CHECK(*total_length >= steps,
                "Expected total_length to be at least the length of the longest sequence in input, "
                "but got total_length=",
                *total_length, " and max sequence length being ", steps);
    steps = *total_length;
  }
  auto [padded, lengths] = _pad_packed_sequence(sequence.data(), sequence.batch_sizes(),
                                                batch_first, padding_value, steps);
  const Tensor& order = sequence.unsorted_indices();
  if (!order.defined()) return {padded, lengths};
  return {padded.index_select(batch_first ? 0 : 1, order), lengths.index_select(0, order)};
}

Tensor pad_sequence(TensorList sequences, bool batch_first, double padding_value) {
  return taper::pad_sequence(sequences, batch_first, padding_value);
}

PackedSequence pack_sequence(TensorList sequences, bool enforce_sorted) {
  std::vector<int64_t> lengths;
  lengths.reserve(sequences.size());
  for (const Tensor& sequence : sequences) lengths.push_back(sequence.size(0));
  return pack_padded_sequence(taper::pad_sequence(sequences), tensor(lengths),
                              /*batch_first=*/false, enforce_sorted);
}

}  // namespace taper::nn::utils::rnn
