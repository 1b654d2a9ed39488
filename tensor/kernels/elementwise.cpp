#include "taper/tensor/kernels/elementwise.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "taper/tensor/kernels/elementwise_loops.h"
#include "taper/tensor/kernels/parallel.h"
#include "taper/tensor/kernels/strided.h"

namespace taper::kernels {
namespace {

// Small enough that the buffers of all operands stay in the first-level cache.
constexpr std::int64_t kChunk = 512;
// Rows shorter than this are packed several to a chunk.
constexpr std::int64_t kShortRow = 64;

// Elements are moved as bits.
using Bits8 [[gnu::may_alias]] = std::uint8_t;
using Bits32 [[gnu::may_alias]] = std::uint32_t;
using Bits64 [[gnu::may_alias]] = std::uint64_t;

template <class Bits>
void move_strided(void* dst, std::int64_t dst_stride, const void* src, std::int64_t src_stride,
                  std::int64_t n) {
  Bits* y = static_cast<Bits*>(dst);
  const Bits* x = static_cast<const Bits*>(src);
  if (src_stride == 0 && dst_stride == 1) {
    std::fill_n(y, n, *x);
  } else if (dst_stride == 1) {
    for (std::int64_t i = 0; i < n; ++i) y[i] = x[i * src_stride];
  } else {
    for (std::int64_t i = 0; i < n; ++i) y[i * dst_stride] = x[i * src_stride];
  }
}

void move_strided(std::int64_t element_size, void* dst, std::int64_t dst_stride, const void* src,
                  std::int64_t src_stride, std::int64_t n) {
  // A call of memcpy would cost more than a short row does.
  if (dst_stride == 1 && src_stride == 1 && n > 16) {
    std::memcpy(dst, src, static_cast<std::size_t>(n * element_size));
  } else if (element_size == 4) {
    move_strided<Bits32>(dst, dst_stride, src, src_stride, n);
  } else if (element_size == 8) {
    move_strided<Bits64>(dst, dst_stride, src, src_stride, n);
  } else {
    move_strided<Bits8>(dst, dst_stride, src, src_stride, n);
  }
}

// One call of run_loop; operand 0 is the output.
struct Task {
  Loop loop;
  const Params* params;
  int operands;
  unsigned char* data[kMaxOperands];
  std::int64_t element_sizes[kMaxOperands];

  unsigned char* at(int operand, std::int64_t offset) const {
    return data[operand] + offset * element_sizes[operand];
  }
  void call(unsigned char* const* p, std::int64_t n) const {
    const void* in[kMaxOperands - 1] = {p[1], p[2], p[3]};
    loop(*params, in, p[0], static_cast<std::size_t>(n));
  }
};

struct Buffers {
  alignas(64) unsigned char bytes[kMaxOperands][kChunk * 8];
};

void run_contiguous(const Task& task, std::int64_t begin, std::int64_t end) {
  unsigned char* p[kMaxOperands] = {};
  for (int k = 0; k < task.operands; ++k) p[k] = task.at(k, begin);
  task.call(p, end - begin);
}

// Row by row, all operands without gaps in a row.
void run_direct_rows(const Task& task, const StridedLoop& loop, std::int64_t begin,
                     std::int64_t end) {
  const std::int64_t row = loop.row();
  RowWalk walk(loop, begin / row);
  std::int64_t column = begin % row;
  while (begin < end) {
    const std::int64_t n = std::min(row - column, end - begin);
    unsigned char* p[kMaxOperands] = {};
    for (int k = 0; k < task.operands; ++k) p[k] = task.at(k, walk.offset(k) + column);
    task.call(p, n);
    begin += n;
    column = 0;
    walk.next();
  }
}

// Row by row; an operand that has gaps in a row goes through a buffer.
void run_gapped_rows(const Task& task, const StridedLoop& loop, std::int64_t begin,
                     std::int64_t end) {
  Buffers buffers;
  // A broadcast operand is spread once and then kept while it stays the same element.
  std::int64_t spread_from[kMaxOperands];
  std::int64_t spread_length[kMaxOperands] = {};
  const std::int64_t row = loop.row();
  RowWalk walk(loop, begin / row);
  std::int64_t column = begin % row;
  while (begin < end) {
    const std::int64_t segment_end = std::min(row, column + end - begin);
    while (column < segment_end) {
      const std::int64_t n = std::min(kChunk, segment_end - column);
      unsigned char* p[kMaxOperands] = {};
      for (int k = 0; k < task.operands; ++k) {
        const std::int64_t stride = loop.row_stride(k);
        const std::int64_t offset = walk.offset(k) + column * stride;
        p[k] = task.at(k, offset);
        if (stride == 1) continue;
        if (k > 0 && (stride != 0 || spread_length[k] < n || spread_from[k] != offset)) {
          move_strided(task.element_sizes[k], buffers.bytes[k], 1, p[k], stride, n);
          spread_from[k] = offset;
          spread_length[k] = n;
        }
        p[k] = buffers.bytes[k];
      }
      task.call(p, n);
      const std::int64_t stride = loop.row_stride(0);
      if (stride != 1) {
        move_strided(task.element_sizes[0], task.at(0, walk.offset(0) + column * stride), stride,
                     p[0], 1, n);
      }
      column += n;
      begin += n;
    }
    column = 0;
    walk.next();
  }
}

// Whether an operand is the same in every row.
bool same_rows(const StridedLoop& loop, int operand) {
  for (int d = 0; d + 1 < loop.ndim; ++d) {
    if (loop.strides[operand][d] != 0) return false;
  }
  return true;
}

// Short rows: a chunk is as many elements as many rows have. Operands that are contiguous as a
// whole are used where they lie; those that are the same in every row are packed once.
void run_short_rows(const Task& task, const StridedLoop& loop, std::int64_t begin,
                    std::int64_t end) {
  Buffers buffers;
  const std::int64_t row = loop.row();
  const std::int64_t chunk = kChunk / row * row;
  bool whole[kMaxOperands] = {}, repeats[kMaxOperands] = {};
  bool settled = true;  // nothing moves after the first chunk
  for (int k = 0; k < task.operands; ++k) {
    whole[k] = loop.contiguous(k);
    repeats[k] = k > 0 && same_rows(loop, k);
    settled = settled && (whole[k] || repeats[k]);
  }
  RowWalk walk(loop, begin / row);
  std::int64_t column = begin % row;
  for (bool first = true; begin < end; first = false) {
    const std::int64_t n = std::min(chunk, end - begin);
    unsigned char* p[kMaxOperands] = {};
    for (int k = 0; k < task.operands; ++k) {
      p[k] = whole[k] ? task.at(k, begin) : buffers.bytes[k];
    }
    // Calls move(offsets of the segment, its place in the chunk, its length) and goes on.
    const auto for_segments = [&](RowWalk& from, std::int64_t& from_column, auto&& move) {
      for (std::int64_t done = 0; done < n;) {
        const std::int64_t length = std::min(row - from_column, n - done);
        move(from, from_column, done, length);
        done += length;
        from_column += length;
        if (from_column == row) {
          from_column = 0;
          from.next();
        }
      }
    };
    const auto gather = [&](const RowWalk& from, std::int64_t from_column, std::int64_t done,
                            std::int64_t length) {
      for (int k = 1; k < task.operands; ++k) {
        if (whole[k] || (repeats[k] && !first)) continue;
        const std::int64_t stride = loop.row_stride(k);
        move_strided(task.element_sizes[k], buffers.bytes[k] + done * task.element_sizes[k], 1,
                     task.at(k, from.offset(k) + from_column * stride), stride, length);
      }
    };
    if (settled && !first) {
      task.call(p, n);
    } else if (whole[0]) {
      for_segments(walk, column, gather);
      task.call(p, n);
    } else {
      RowWalk reader = walk;
      std::int64_t reader_column = column;
      for_segments(reader, reader_column, gather);
      task.call(p, n);
      for_segments(
          walk, column,
          [&](const RowWalk& to, std::int64_t to_column, std::int64_t done, std::int64_t length) {
            const std::int64_t stride = loop.row_stride(0);
            move_strided(task.element_sizes[0], task.at(0, to.offset(0) + to_column * stride),
                         stride, buffers.bytes[0] + done * task.element_sizes[0], 1, length);
          });
    }
    begin += n;
  }
}

bool contiguous(LoopShape shape, const std::int64_t* strides) {
  std::int64_t expected = 1;
  for (int d = shape.ndim - 1; d >= 0; --d) {
    if (shape.sizes[d] != 1 && strides[d] != expected) return false;
    expected *= shape.sizes[d];
  }
  return true;
}

void run_strided(const Task& task, LoopShape shape, const std::int64_t* const* strides) {
  const StridedLoop loop(shape.ndim, shape.sizes, task.operands, strides);
  bool contiguous = true, direct = true;
  for (int k = 0; k < task.operands; ++k) {
    contiguous = contiguous && loop.contiguous(k);
    direct = direct && loop.row_stride(k) == 1;
  }
  const auto run = contiguous                                ? nullptr
                   : loop.ndim > 1 && loop.row() < kShortRow ? &run_short_rows
                   : direct                                  ? &run_direct_rows
                                                             : &run_gapped_rows;
  parallel_for(0, loop.numel, kElementwiseGrain, [&](std::int64_t begin, std::int64_t end) {
    if (contiguous) {
      run_contiguous(task, begin, end);
    } else {
      run(task, loop, begin, end);
    }
  });
}

Strided strided(ScalarType type, Operand operand) {
  return {operand.data, operand.strides, element_size(type)};
}

}  // namespace

void run_loop(Loop loop, const Params& params, LoopShape shape, Output out,
              std::size_t out_element_size, const Strided* in, int inputs) {
  assert(loop != nullptr && "no kernel for this dtype");
  bool straight = contiguous(shape, out.strides);
  for (int k = 0; k < inputs; ++k) straight = straight && contiguous(shape, in[k].strides);
  std::int64_t n = 1;
  for (int d = 0; d < shape.ndim; ++d) n *= shape.sizes[d];
  if (straight && n <= kElementwiseGrain) {  // nothing is set up for what takes nanoseconds
    const void* data[kMaxOperands - 1];
    for (int k = 0; k < inputs; ++k) data[k] = in[k].data;
    loop(params, data, out.data, static_cast<std::size_t>(n));
    return;
  }
  if (n == 0) return;
  Task task{loop, &params, inputs + 1, {}, {}};
  const std::int64_t* strides[kMaxOperands];
  task.data[0] = static_cast<unsigned char*>(out.data);
  task.element_sizes[0] = static_cast<std::int64_t>(out_element_size);
  strides[0] = out.strides;
  for (int k = 1; k <= inputs; ++k) {
    // Loops do not write to their inputs.
    task.data[k] = static_cast<unsigned char*>(const_cast<void*>(in[k - 1].data));
    task.element_sizes[k] = static_cast<std::int64_t>(in[k - 1].element_size);
    strides[k] = in[k - 1].strides;
  }
  run_strided(task, shape, strides);
}

void map_unary(Formula formula, const Params& params, ScalarType type, LoopShape shape, Operand x,
               Output y) {
  const Strided in[] = {strided(type, x)};
  run_loop(unary_loop(formula, type), params, shape, y, element_size(type), in, 1);
}

void map_binary(Formula formula, const Params& params, ScalarType type, LoopShape shape, Operand a,
                Operand b, Output y) {
  const Strided in[] = {strided(type, a), strided(type, b)};
  run_loop(binary_loop(formula, type), params, shape, y, element_size(type), in, 2);
}

void map_ternary(Formula formula, const Params& params, ScalarType type, LoopShape shape, Operand a,
                 Operand b, Operand c, Output y) {
  const Strided in[] = {strided(type, a), strided(type, b), strided(type, c)};
  run_loop(ternary_loop(formula, type), params, shape, y, element_size(type), in, 3);
}

// An operand that the vjp does not read stands in as g: the loops have one form for all formulas.
void map_unary_vjp(Formula formula, const Params& params, ScalarType type, LoopShape shape,
                   Operand g, Operand saved, Output dx) {
  const Strided in[] = {strided(type, g), strided(type, saved.data != nullptr ? saved : g)};
  run_loop(unary_vjp_loop(formula, type), params, shape, dx, element_size(type), in, 2);
}

void map_binary_vjp(Formula formula, const Params& params, int which, ScalarType type,
                    LoopShape shape, Operand g, Operand a, Operand b, Output d) {
  const Strided in[] = {strided(type, g), strided(type, a.data != nullptr ? a : g),
                        strided(type, b.data != nullptr ? b : g)};
  run_loop(binary_vjp_loop(formula, which, type), params, shape, d, element_size(type), in, 3);
}

void map_compare(Comparison comparison, ScalarType type, LoopShape shape, Operand a, Operand b,
                 Output out) {
  const Strided in[] = {strided(type, a), strided(type, b)};
  run_loop(compare_loop(comparison, type), Params{}, shape, out, 1, in, 2);
}

void map_logical(Logical op, ScalarType type, LoopShape shape, Operand a, Operand b, Output out) {
  const Strided in[] = {strided(type, a), strided(type, b)};
  run_loop(logical_loop(op, type), Params{}, shape, out, 1, in, 2);
}

void map_where(ScalarType type, LoopShape shape, Operand condition, Operand a, Operand b,
               Output y) {
  const Strided in[] = {strided(ScalarType::Bool, condition), strided(type, a), strided(type, b)};
  run_loop(where_loop(type), Params{}, shape, y, element_size(type), in, 3);
}

}  // namespace taper::kernels
