#pragma once

#include <optional>
#include <tuple>

#include "taper/tensor/tensor.h"

// Batches of sequences of different lengths (torch::nn::utils::rnn). T is the longest length, B the
// number of sequences, * any dimensions.
namespace taper::nn::utils::rnn {

// The permutation that undoes `permutation` (int64 [N]); undefined for an undefined one.
Tensor invert_permutation(const Tensor& permutation);

// The steps of all sequences one below the other: first the first step of every sequence, then the
// second step of those that have one, and so on; the sequences stand in the order of their length,
// longest first. Made by pack_padded_sequence and pack_sequence, taken and returned by the
// recurrent networks' forward_with_packed_input.
class PackedSequence {
 public:
  // Without unsorted_indices they are the inverse of sorted_indices. Throws taper::Error for
  // undefined batch_sizes.
  explicit PackedSequence(Tensor data, Tensor batch_sizes, Tensor sorted_indices = {},
                          Tensor unsorted_indices = {});

  // [sum of lengths, *]
  const Tensor& data() const { return data_; }
  // int64 [T]: how many sequences reach each step.
  const Tensor& batch_sizes() const { return batch_sizes_; }
  // int64 [B]: where in the caller's batch each sequence stood, and the inverse. Undefined for a
  // batch that was sorted.
  const Tensor& sorted_indices() const { return sorted_indices_; }
  const Tensor& unsorted_indices() const { return unsorted_indices_; }

  // With the data in another dtype. There is no device but the CPU: cuda() throws taper::Error.
  PackedSequence to(const TensorOptions& options) const;
  PackedSequence cpu() const { return to(Device(kCPU)); }
  PackedSequence cuda() const { return to(Device(kCUDA)); }
  bool is_cuda() const { return data_.is_cuda(); }
  bool is_pinned() const { return false; }

 private:
  Tensor data_;
  Tensor batch_sizes_;
  Tensor sorted_indices_;
  Tensor unsorted_indices_;
};

// input [T, B, *] or [B, T, *], of which the first lengths[b] steps of sequence b count; lengths
// [B], each from 1 to T, not growing unless enforce_sorted is false. Throws taper::Error for other
// lengths.
PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first = false,
                                    bool enforce_sorted = true);

// The inverse: ([T, B, *] or [B, T, *], lengths [B]) with padding_value after each sequence's end;
// of total_length steps if that is given, which must be at least T.
std::tuple<Tensor, Tensor> pad_packed_sequence(PackedSequence sequence, bool batch_first = false,
                                               double padding_value = 0.0,
                                               std::optional<int64_t> total_length = std::nullopt);

// Sequences [L_b, *] -> [T, B, *] or [B, T, *], with padding_value after each one's end.
Tensor pad_sequence(TensorList sequences, bool batch_first = false, double padding_value = 0);

// pack_padded_sequence of the padded sequences.
PackedSequence pack_sequence(TensorList sequences, bool enforce_sorted = true);

}  // namespace taper::nn::utils::rnn
