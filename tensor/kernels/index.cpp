#include "taper/tensor/kernels/index.h"

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <vector>

#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/kernels/parallel.h"
#include "taper/tensor/kernels/strided.h"

namespace taper::kernels {
namespace {

// Elements for which a piece of a loop is worth another thread.
constexpr std::int64_t kPiece = std::int64_t{1} << 15;
constexpr std::int64_t kMaxPieces = 64;

// The dims of a loop over a plain operand, an indexed one and the indices, in row-major order with
// neighbours merged.
struct IndexLoop {
  int ndim = 0;
  int index_count;
  std::int64_t numel = 1;
  std::int64_t sizes[kMaxDims];
  std::int64_t plain[kMaxDims];
  std::int64_t indexed[kMaxDims];
  std::vector<std::int64_t> of_indices;  // [ndim, index_count]
  const IndexOperand* operands;

  IndexLoop(LoopShape shape, const std::int64_t* plain_strides, const std::int64_t* indexed_strides,
            Indices indices)
      : index_count(indices.count), operands(indices.operands) {
    for (int d = 0; d < shape.ndim; ++d) numel *= shape.sizes[d];
    if (numel == 0) return;
    of_indices.reserve(static_cast<std::size_t>(shape.ndim * index_count));
    for (int d = 0; d < shape.ndim; ++d) {
      const std::int64_t size = shape.sizes[d];
      if (size == 1) continue;
      bool merges = ndim > 0 && plain[ndim - 1] == plain_strides[d] * size &&
                    indexed[ndim - 1] == indexed_strides[d] * size;
      for (int k = 0; merges && k < index_count; ++k) {
        merges = *index_stride(ndim - 1, k) == operands[k].strides[d] * size;
      }
      if (!merges) {
        ++ndim;
        sizes[ndim - 1] = 1;
        of_indices.resize(static_cast<std::size_t>(ndim * index_count));
      }
      sizes[ndim - 1] *= size;
      plain[ndim - 1] = plain_strides[d];
      indexed[ndim - 1] = indexed_strides[d];
      for (int k = 0; k < index_count; ++k) *index_stride(ndim - 1, k) = operands[k].strides[d];
    }
    if (ndim == 0) {  // one element
      sizes[ndim] = 1;
      plain[ndim] = indexed[ndim] = 0;
      ++ndim;
      of_indices.resize(static_cast<std::size_t>(index_count));
    }
  }

  std::int64_t* index_stride(int d, int k) {
    return of_indices.data() + static_cast<std::ptrdiff_t>(d) * index_count + k;
  }
  const std::int64_t* index_stride(int d, int k) const {
    return of_indices.data() + static_cast<std::ptrdiff_t>(d) * index_count + k;
  }
};

std::int64_t offset_of(const IndexOperand& operand, std::int64_t index) {
  return (index < 0 ? index + operand.size : index) * operand.step;
}

// Runs op over the part of the loop with split's coordinate in [begin, end).
template <class Op>
void run_part(const IndexLoop& loop, int split, std::int64_t begin, std::int64_t end, Op op) {
  const int last = loop.ndim - 1;
  const int count = loop.index_count;
  std::int64_t sizes[kMaxDims];
  std::copy_n(loop.sizes, loop.ndim, sizes);
  sizes[split] = end - begin;
  std::int64_t plain = begin * loop.plain[split];
  std::int64_t indexed = begin * loop.indexed[split];
  std::vector<const std::int64_t*> index(static_cast<std::size_t>(count));
  bool whole_rows = true;  // one index for a whole row
  for (int k = 0; k < count; ++k) {
    index[static_cast<std::size_t>(k)] =
        loop.operands[k].data + begin * *loop.index_stride(split, k);
    if (*loop.index_stride(last, k) != 0) whole_rows = false;
  }
  const std::int64_t n = sizes[last];
  const std::int64_t plain_step = loop.plain[last];
  const std::int64_t indexed_step = loop.indexed[last];
  std::int64_t position[kMaxDims] = {};
  while (true) {
    if (whole_rows) {
      std::int64_t place = indexed;
      for (int k = 0; k < count; ++k) {
        place += offset_of(loop.operands[k], *index[static_cast<std::size_t>(k)]);
      }
      op.row(plain, plain_step, place, indexed_step, n);
    } else if (count == 1) {
      const IndexOperand& operand = loop.operands[0];
      const std::int64_t step = *loop.index_stride(last, 0);
      for (std::int64_t j = 0; j < n; ++j) {
        op.element(plain + j * plain_step,
                   indexed + j * indexed_step + offset_of(operand, index[0][j * step]));
      }
    } else {
      for (std::int64_t j = 0; j < n; ++j) {
        std::int64_t place = indexed + j * indexed_step;
        for (int k = 0; k < count; ++k) {
          place += offset_of(loop.operands[k],
                             index[static_cast<std::size_t>(k)][j * *loop.index_stride(last, k)]);
        }
        op.element(plain + j * plain_step, place);
      }
    }
    int d = last - 1;
    for (; d >= 0; --d) {
      const bool carries = ++position[d] == sizes[d];
      const std::int64_t moved = carries ? 1 - sizes[d] : 1;
      plain += moved * loop.plain[d];
      indexed += moved * loop.indexed[d];
      for (int k = 0; k < count; ++k) {
        index[static_cast<std::size_t>(k)] += moved * *loop.index_stride(d, k);
      }
      if (!carries) break;
      position[d] = 0;
    }
    if (d < 0) return;
  }
}

// Cuts the loop along one dim. A loop that writes to indexed places is cut only along a dim in
// which the places differ whatever the indices are, so that no two threads write to one place and
// the order of writes to it stays.
template <class Op>
void run(const IndexLoop& loop, bool writes_indexed, Op op) {
  if (loop.numel == 0) return;
  const std::int64_t pieces = std::min(kMaxPieces, loop.numel / kPiece);
  int split = -1;
  for (int d = 0; pieces > 1 && d < loop.ndim; ++d) {
    if (writes_indexed && loop.indexed[d] == 0) continue;
    if (split < 0 || loop.sizes[d] > loop.sizes[split]) split = d;
    if (loop.sizes[d] >= pieces) {
      split = d;
      break;
    }
  }
  if (split < 0) {
    run_part(loop, 0, 0, loop.sizes[0], op);
    return;
  }
  std::int64_t grain = (loop.sizes[split] + pieces - 1) / pieces;
  // Threads that write into one cache line slow each other down.
  if (split == loop.ndim - 1) grain = (grain + 63) / 64 * 64;
  parallel_for(0, loop.sizes[split], grain, [&](std::int64_t begin, std::int64_t end) {
    run_part(loop, split, begin, end, op);
  });
}

template <class T>
struct Read {
  T* dst;
  const T* src;
  void element(std::int64_t plain, std::int64_t indexed) const { dst[plain] = src[indexed]; }
  void row(std::int64_t plain, std::int64_t plain_step, std::int64_t indexed,
           std::int64_t indexed_step, std::int64_t n) const {
    if (plain_step == 1 && indexed_step == 1) {
      std::memcpy(dst + plain, src + indexed, static_cast<std::size_t>(n) * sizeof(T));
      return;
    }
    for (std::int64_t j = 0; j < n; ++j) {
      dst[plain + j * plain_step] = src[indexed + j * indexed_step];
    }
  }
};

template <class T>
struct Write {
  T* dst;
  const T* src;
  void element(std::int64_t plain, std::int64_t indexed) const { dst[indexed] = src[plain]; }
  void row(std::int64_t plain, std::int64_t plain_step, std::int64_t indexed,
           std::int64_t indexed_step, std::int64_t n) const {
    Read<T>{dst, src}.row(indexed, indexed_step, plain, plain_step, n);
  }
};

template <class T>
T sum_of(T a, T b) {
  if constexpr (std::is_same_v<T, bool>) {
    return a || b;
  } else if constexpr (std::is_floating_point_v<T>) {
    return a + b;
  } else {
    using U = std::make_unsigned_t<T>;  // wraps around
    return static_cast<T>(static_cast<U>(static_cast<U>(a) + static_cast<U>(b)));
  }
}

template <class T>
T product_of(T a, T b) {
  if constexpr (std::is_same_v<T, bool>) {
    return a && b;
  } else if constexpr (std::is_floating_point_v<T>) {
    return a * b;
  } else {
    // Wraps around, in a type that is not promoted to int.
    using U = std::conditional_t<sizeof(T) < sizeof(unsigned), unsigned, std::make_unsigned_t<T>>;
    return static_cast<T>(static_cast<U>(a) * static_cast<U>(b));
  }
}

// dst = join(dst, src).
template <class T, T (*kJoin)(T, T)>
struct Join {
  T* dst;
  const T* src;
  void element(std::int64_t plain, std::int64_t indexed) const {
    dst[indexed] = kJoin(dst[indexed], src[plain]);
  }
  void row(std::int64_t plain, std::int64_t plain_step, std::int64_t indexed,
           std::int64_t indexed_step, std::int64_t n) const {
    T* to = dst + indexed;
    const T* from = src + plain;
    if (plain_step == 1 && indexed_step == 1) {
      for (std::int64_t j = 0; j < n; ++j) to[j] = kJoin(to[j], from[j]);
      return;
    }
    for (std::int64_t j = 0; j < n; ++j) {
      to[j * indexed_step] = kJoin(to[j * indexed_step], from[j * plain_step]);
    }
  }
};

}  // namespace

void index_read(ScalarType type, LoopShape shape, Output dst, Operand src, Indices indices) {
  const IndexLoop loop(shape, dst.strides, src.strides, indices);
  dispatch_all(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    run(loop, false, Read<T>{static_cast<T*>(dst.data), static_cast<const T*>(src.data)});
  });
}

void index_write(ScalarType type, LoopShape shape, Output dst, Operand src, Indices indices) {
  const IndexLoop loop(shape, src.strides, dst.strides, indices);
  dispatch_all(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    run(loop, true, Write<T>{static_cast<T*>(dst.data), static_cast<const T*>(src.data)});
  });
}

void index_add(ScalarType type, LoopShape shape, Output dst, Operand src, Indices indices) {
  const IndexLoop loop(shape, src.strides, dst.strides, indices);
  dispatch_all(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    run(loop, true, Join<T, sum_of<T>>{static_cast<T*>(dst.data), static_cast<const T*>(src.data)});
  });
}

void index_multiply(ScalarType type, LoopShape shape, Output dst, Operand src, Indices indices) {
  const IndexLoop loop(shape, src.strides, dst.strides, indices);
  dispatch_all(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    run(loop, true,
        Join<T, product_of<T>>{static_cast<T*>(dst.data), static_cast<const T*>(src.data)});
  });
}

const std::int64_t* find_out_of_bounds(const std::int64_t* indices, std::int64_t n,
                                       std::int64_t low, std::int64_t high) {
  const std::int64_t* found = std::find_if(
      indices, indices + n, [&](std::int64_t index) { return index < low || index >= high; });
  return found == indices + n ? nullptr : found;
}

std::int64_t count_nonzero(ScalarType type, std::int64_t n, const void* data) {
  return dispatch_all(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* x = static_cast<const T*>(data);
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < n; ++i) count += x[i] != T{0} ? 1 : 0;
    return count;
  });
}

void nonzero(ScalarType type, LoopShape shape, const void* data, std::int64_t count,
             std::int64_t* coordinates) {
  std::int64_t numel = 1;
  for (int d = 0; d < shape.ndim; ++d) numel *= shape.sizes[d];
  dispatch_all(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* x = static_cast<const T*>(data);
    for (std::int64_t i = 0; i < numel; ++i) {
      if (x[i] == T{0}) continue;
      std::int64_t rest = i;
      for (int d = shape.ndim - 1; d >= 0; --d) {
        coordinates[d * count] = rest % shape.sizes[d];
        rest /= shape.sizes[d];
      }
      ++coordinates;
    }
  });
}

void triangle(ScalarType type, bool upper, std::int64_t diagonal, std::int64_t count,
              std::int64_t rows, std::int64_t columns, const void* src, void* dst) {
  const std::int64_t bytes = static_cast<std::int64_t>(element_size(type));
  const std::int64_t grain = std::max<std::int64_t>(1, kPiece / std::max<std::int64_t>(1, columns));
  parallel_for(0, count * rows, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t line = begin; line < end; ++line) {
      const std::int64_t i = line % rows;
      // The first column right of the diagonal's part that tril keeps or triu drops.
      const std::int64_t border =
          diagonal > columns ? columns
          : diagonal < -rows ? 0
                             : std::clamp<std::int64_t>(i + diagonal + (upper ? 0 : 1), 0, columns);
      const char* from = static_cast<const char*>(src) + line * columns * bytes;
      char* to = static_cast<char*>(dst) + line * columns * bytes;
      const auto head = static_cast<std::size_t>(border * bytes);
      const auto tail = static_cast<std::size_t>((columns - border) * bytes);
      if (upper) {
        if (head != 0) std::memset(to, 0, head);
        if (tail != 0) std::memcpy(to + head, from + head, tail);
      } else {
        if (head != 0) std::memcpy(to, from, head);
        if (tail != 0) std::memset(to + head, 0, tail);
      }
    }
  });
}

}  // namespace taper::kernels
