#include <algorithm>
#include <cstring>

#include "taper/tensor/kernels/elementwise.h"
#include "taper/tensor/kernels/elementwise_loops.h"
#include "taper/tensor/kernels/parallel.h"
#include "taper/tensor/kernels/strided.h"

namespace taper::kernels {
namespace {

using Bits8 [[gnu::may_alias]] = std::uint8_t;
using Bits32 [[gnu::may_alias]] = std::uint32_t;
using Bits64 [[gnu::may_alias]] = std::uint64_t;

// A tile is kBlock pieces of kLine elements. It goes through a buffer: with a power of two as
// stride all its lines would fall into the same few places of the first-level cache.
constexpr std::int64_t kLine = 16;
constexpr std::int64_t kBlock = 64;

// The dim, other than the innermost, in which the source is without gaps; -1 if there is none, or
// if the rows are so short that tiles do not help.
int transposed_dim(const StridedLoop& loop) {
  if (loop.ndim < 2 || loop.row() < 8 || loop.row_stride(0) != 1 || loop.row_stride(1) == 1) {
    return -1;
  }
  for (int d = 0; d < loop.ndim - 1; ++d) {
    if (loop.strides[1][d] == 1 && loop.sizes[d] >= 8) return d;
  }
  return -1;
}

// dst[i][j] = src[j][i] in tiles; `lines` is the dim of i.
template <class Bits>
void copy_transposed(const StridedLoop& loop, int lines, void* dst, const void* src) {
  const int last = loop.ndim - 1;
  const std::int64_t height = loop.sizes[lines], width = loop.sizes[last];
  const std::int64_t dst_stride = loop.strides[0][lines], src_stride = loop.strides[1][last];
  const std::int64_t strips = (height + kLine - 1) / kLine;
  const std::int64_t planes = loop.numel / (height * width);
  const std::int64_t grain = std::max<std::int64_t>(1, kElementwiseGrain / (kLine * width));
  parallel_for(0, planes * strips, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t task = begin; task < end; ++task) {
      Bits* y = static_cast<Bits*>(dst);
      const Bits* x = static_cast<const Bits*>(src);
      std::int64_t plane = task / strips;
      for (int d = last - 1; d >= 0; --d) {
        if (d == lines) continue;
        const std::int64_t index = plane % loop.sizes[d];
        plane /= loop.sizes[d];
        y += index * loop.strides[0][d];
        x += index * loop.strides[1][d];
      }
      const std::int64_t first = task % strips * kLine;
      const std::int64_t rows = std::min(kLine, height - first);
      for (std::int64_t j0 = 0; j0 < width; j0 += kBlock) {
        const std::int64_t columns = std::min(width - j0, kBlock);
        Bits tile[kBlock][kLine];
        for (std::int64_t j = 0; j < columns; ++j) {
          const Bits* line = x + first + (j0 + j) * src_stride;
          for (std::int64_t i = 0; i < rows; ++i) tile[j][i] = line[i];
        }
        for (std::int64_t i = 0; i < rows; ++i) {
          Bits* line = y + (first + i) * dst_stride + j0;
          for (std::int64_t j = 0; j < columns; ++j) line[j] = tile[j][i];
        }
      }
    }
  });
}

}  // namespace

void copy(ScalarType dst_type, Output dst, ScalarType src_type, Operand src, LoopShape shape) {
  if (dst_type == src_type && shape.ndim >= 2) {
    const std::int64_t* strides[] = {dst.strides, src.strides};
    const StridedLoop loop(shape.ndim, shape.sizes, 2, strides);
    const int lines = loop.numel == 0 ? -1 : transposed_dim(loop);
    if (lines >= 0) {
      switch (element_size(dst_type)) {
        case 4:
          return copy_transposed<Bits32>(loop, lines, dst.data, src.data);
        case 8:
          return copy_transposed<Bits64>(loop, lines, dst.data, src.data);
        default:
          return copy_transposed<Bits8>(loop, lines, dst.data, src.data);
      }
    }
  }
  const Strided in[] = {{src.data, src.strides, element_size(src_type)}};
  run_loop(convert_loop(dst_type, src_type), Params{}, shape, dst, element_size(dst_type), in, 1);
}

void fill(ScalarType type, Output out, LoopShape shape, const void* value) {
  // A copy from one element that is broadcast over all dims.
  std::int64_t none[kMaxDims] = {};
  std::int64_t sizes[kMaxDims], strides[kMaxDims];
  LoopShape loop{0, sizes};
  for (int d = 0; d < shape.ndim; ++d) {
    if (shape.sizes[d] == 0) return;
    if (shape.sizes[d] == 1) continue;
    sizes[loop.ndim] = shape.sizes[d];
    strides[loop.ndim++] = out.strides[d];
  }
  copy(type, {out.data, strides}, type, {value, none}, loop);
}

}  // namespace taper::kernels
