// Sequences of different lengths: padded to one length, or packed step by step. Packing and padding
// are each other's backward.

#include <algorithm>

#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/join.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::InputRef;
using autograd::record;
using autograd::Save;

namespace {

Tensor steps_first(const Tensor& x, bool batch_first) {
  return batch_first ? raw::transpose(x, 0, 1) : x;
}

// How many of the sequences reach each step.
std::vector<int64_t> sizes_of_steps(const Tensor& lengths, int64_t batch) {
  TAPER_CHECK(lengths.dim() == 1 && lengths.scalar_type() == kInt64,
              "'lengths' argument should be a 1D CPU int64 tensor, but got ", lengths.dim(),
              "D cpu ", lengths.scalar_type(), " tensor");
  TAPER_CHECK(batch == lengths.size(0),
              "Expected `len(lengths)` to be equal to batch_size, but got ", lengths.size(0),
              " (batch_size=", batch, ")");
  const Tensor dense = raw::contiguous(lengths);
  const auto* length = dense.data_ptr<int64_t>();
  TAPER_CHECK(length[batch - 1] > 0,
              "Length of all samples has to be greater than 0, but found an element in 'lengths' "
              "that is <= 0");
  TAPER_CHECK(std::is_sorted(length, length + batch, std::greater<>()),
              "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. "
              "You can pass `enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to "
              "sidestep this requirement if you do not need ONNX exportability.");
  std::vector<int64_t> sizes(static_cast<size_t>(length[0]), 0);
  for (int64_t b = 0; b < batch; ++b) {
    for (int64_t t = 0; t < length[b]; ++t) ++sizes[static_cast<size_t>(t)];
  }
  return sizes;
}

// x [T, B, *] -> [sum of sizes, *]: the first sizes[t] sequences of each step t.
Tensor packed_rows(const Tensor& x, const std::vector<int64_t>& sizes) {
  TensorVector rows;
  rows.reserve(sizes.size());
  for (size_t t = 0; t < sizes.size(); ++t) {
    rows.push_back(raw::slice(raw::select(x, 0, static_cast<int64_t>(t)), 0, 0, sizes[t], 1));
  }
  return raw::cat(rows, 0);
}

// The inverse, [steps, sizes[0], *], with `padding` where no row comes from.
Tensor padded_rows(const Tensor& data, const std::vector<int64_t>& sizes, int64_t steps,
                   const Scalar& padding) {
  DimVector shape = {steps, sizes.front()};
  for (int64_t d = 1; d < data.dim(); ++d) shape.push_back(data.size(d));
  Tensor padded = raw::full(shape, padding, data.scalar_type());
  int64_t begin = 0;
  for (size_t t = 0; t < sizes.size(); ++t) {
    raw::copy(raw::slice(raw::select(padded, 0, static_cast<int64_t>(t)), 0, 0, sizes[t], 1),
              raw::slice(data, 0, begin, begin + sizes[t], 1));
    begin += sizes[t];
  }
  return padded;
}

Tensor tensor_of(const std::vector<int64_t>& sizes) {
  Tensor result = raw::empty({static_cast<int64_t>(sizes.size())}, kInt64);
  std::copy(sizes.begin(), sizes.end(), result.data_ptr<int64_t>());
  return result;
}

// Both ways to any order: the gradient of one is the other of the gradient.
Tensor pack(const Tensor& x, const std::vector<int64_t>& sizes, bool batch_first);

Tensor pad(const Tensor& data, const std::vector<int64_t>& sizes, int64_t steps,
           const Scalar& padding, bool batch_first) {
  const Tensor padded = steps_first(padded_rows(data, sizes, steps, padding), batch_first);
  return record("PadPackedSequenceBackward0", padded, {data}, [&](Save&) {
    return [sizes, batch_first](Backward& ctx) {
      ctx.grad(0, pack(ctx.out_grad(), sizes, batch_first));
    };
  });
}

Tensor pack(const Tensor& x, const std::vector<int64_t>& sizes, bool batch_first) {
  const Tensor rows = steps_first(x, batch_first);
  return record("PackPaddedSequenceBackward0", packed_rows(rows, sizes), {x}, [&](Save&) {
    return [sizes, batch_first, steps = rows.size(0)](Backward& ctx) {
      ctx.grad(0, pad(ctx.out_grad(), sizes, steps, 0, batch_first));
    };
  });
}

}  // namespace

std::tuple<Tensor, Tensor> _pack_padded_sequence(const Tensor& input, const Tensor& lengths,
                                                 bool batch_first) {
  TAPER_CHECK(input.defined(),
              "Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument "
              "#0 'input'");
  TAPER_CHECK(input.numel() > 0, "Cannot pack empty tensors.");
  const std::vector<int64_t> sizes = sizes_of_steps(lengths, input.size(batch_first ? 0 : 1));
  const int64_t steps = input.size(batch_first ? 1 : 0);
  TAPER_CHECK(static_cast<int64_t>(sizes.size()) <= steps,
              "_pack_padded_sequence: expected lengths of at most ", steps, ", got ", sizes.size());
  return {pack(input, sizes, batch_first), tensor_of(sizes)};
}

std::tuple<Tensor, Tensor> _pad_packed_sequence(const Tensor& data, const Tensor& batch_sizes,
                                                bool batch_first, const Scalar& padding_value,
                                                int64_t total_length) {
  TAPER_CHECK(
      batch_sizes.dim() == 1 && batch_sizes.scalar_type() == kInt64 && batch_sizes.numel() > 0,
      "_pad_packed_sequence: expected batch_sizes in a vector of Long, got ",
      batch_sizes.scalar_type(), batch_sizes.sizes());
  const Tensor dense = raw::contiguous(batch_sizes);
  const auto* first = dense.data_ptr<int64_t>();
  const std::vector<int64_t> sizes(first, first + dense.numel());
  int64_t rows = 0;
  for (int64_t size : sizes) rows += size;
  TAPER_CHECK(std::is_sorted(sizes.begin(), sizes.end(), std::greater<>()) && sizes.back() > 0 &&
                  data.dim() > 0 && data.size(0) == rows,
              "_pad_packed_sequence: batch_sizes that do not grow, of the sum ", rows,
              ", do not fit data ", data.sizes());
  const auto steps = static_cast<int64_t>(sizes.size());
  TAPER_CHECK(total_length <= 0 || total_length >= steps,
              "Expected total_length to be at least the length of the longest sequence in input, "
              "but got total_length=",
              total_length, " and max sequence length being ", steps);
  // How many steps each sequence takes part in.
  std::vector<int64_t> lengths(static_cast<size_t>(sizes.front()), 0);
  for (int64_t size : sizes) {
    for (int64_t b = 0; b < size; ++b) ++lengths[static_cast<size_t>(b)];
  }
  return {pad(data, sizes, std::max(steps, total_length), padding_value, batch_first),
          tensor_of(lengths)};
}

Tensor pad_sequence(TensorList sequences, bool batch_first, double padding_value) {
  TAPER_CHECK(!sequences.empty(), "received an empty list of sequences");
  int64_t longest = 0;
  for (const Tensor& sequence : sequences) longest = std::max(longest, sequence.size(0));
  const Tensor& first = sequences.front();
  DimVector shape = {static_cast<int64_t>(sequences.size()), longest};
  for (int64_t d = 1; d < first.dim(); ++d) shape.push_back(first.size(d));
  if (!batch_first) std::swap(shape[0], shape[1]);

  const Tensor padded = raw::full(shape, padding_value, first.scalar_type());
  // Where sequence i stands in a tensor of that shape.
  const auto place = [batch_first](const Tensor& x, size_t i, int64_t length, auto select,
                                   auto slice) {
    return slice(select(x, batch_first ? 0 : 1, static_cast<int64_t>(i)), 0, 0, length, 1);
  };
  std::vector<int64_t> lengths;
  for (size_t i = 0; i < sequences.size(); ++i) {
    lengths.push_back(sequences[i].size(0));
    const Tensor part = place(padded, i, lengths.back(), raw::select, raw::slice);
    const DimVector broadcast = broadcast_shapes(part.sizes(), sequences[i].sizes());
    TAPER_CHECK(part.sizes() == IntArrayRef(broadcast), "output with shape ", part.sizes(),
                " doesn't match the broadcast shape ", broadcast, " (pad_sequence)");
    raw::copy(part, sequences[i]);
  }
  const std::vector<InputRef> inputs(sequences.begin(), sequences.end());
  return record("PadSequenceBackward0", padded, inputs, [&](Save&) {
    return [place, lengths](Backward& ctx) {
      for (size_t i = 0; i < lengths.size(); ++i) {
        if (!ctx.needs(i)) continue;
        ctx.grad(i, place(ctx.out_grad(), i, lengths[i], &select, &slice));
      }
    };
  });
}

}  // namespace taper
