#include "taper/tensor/kernels/reduce.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>

#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/kernels/parallel.h"
#include "taper/tensor/kernels/reduce_loops.h"

namespace taper::kernels {
namespace {

const std::byte* at(const void* data, std::int64_t element, std::size_t size) {
  return static_cast<const std::byte*>(data) + element * static_cast<std::int64_t>(size);
}

std::byte* at(void* data, std::int64_t element, std::size_t size) {
  return static_cast<std::byte*>(data) + element * static_cast<std::int64_t>(size);
}

std::unique_ptr<std::byte[]> scratch(std::int64_t elements, std::size_t size) {
  return std::make_unique_for_overwrite<std::byte[]>(static_cast<std::size_t>(elements) * size);
}

bool is_rows(const ReduceShape& s) { return s.inner == 1 && (s.n_stride == 1 || s.n == 1); }

// How the work of a shape falls into tasks: `chunks` runs of `chunk` reduced elements, by `tiles`
// of `width` columns.
struct Split {
  std::int64_t width;
  std::int64_t tiles;
  std::int64_t chunk;
  std::int64_t chunks;

  explicit Split(const ReduceShape& s) {
    width = std::min(s.inner, kReduceColumns);
    tiles = (s.inner + width - 1) / width;
    chunk = std::max<std::int64_t>(kReduceChunk / width, 256);
    if (s.n < 2 * chunk) chunk = s.n;
    chunks = (s.n + chunk - 1) / chunk;
  }
};

// Calls rows(x_begin, out_begin, count) for runs of outputs whose reduced elements are contiguous
// and not split, or columns(x_begin, partial_begin, n, count) for each task. A partial result of
// (o, chunk, i) has the place (o * chunks + chunk) * inner + i.
template <class Rows, class Columns>
void run(const ReduceShape& s, const Split& split, Rows rows, Columns columns) {
  const std::int64_t task = std::min(split.chunk, s.n) * split.width;
  const std::int64_t grain = std::max<std::int64_t>(1, 2 * kReduceChunk / task);
  if (is_rows(s) && split.chunks == 1) {
    parallel_for(0, s.outer, grain,
                 [&](std::int64_t b, std::int64_t e) { rows(b * s.outer_stride, b, e - b); });
    return;
  }
  const std::int64_t tasks = s.outer * split.chunks * split.tiles;
  parallel_for(0, tasks, grain, [&](std::int64_t b, std::int64_t e) {
    for (std::int64_t t = b; t < e; ++t) {
      const std::int64_t tile = t % split.tiles;
      const std::int64_t row = t / split.tiles;
      const std::int64_t first = row % split.chunks * split.chunk;
      const std::int64_t column = tile * split.width;
      columns(row / split.chunks * s.outer_stride + first * s.n_stride + column,
              row * s.inner + column, std::min(split.chunk, s.n - first),
              std::min(split.width, s.inner - column));
    }
  });
}

// What puts partial results together.
Reduction combining(Reduction op) {
  switch (op) {
    case Reduction::Prod:
    case Reduction::Max:
    case Reduction::Min:
      return op;
    default:
      return Reduction::Sum;
  }
}

// A dense [n, few columns] as [n / fold, fold * columns], whose rows are wide enough for vectors,
// and what is left over.
void reduce_narrow(Reduction op, ScalarType type, const ReduceShape& s, std::int64_t fold,
                   const void* x, void* out) {
  const ScalarType partial_type = reduced_type(op, type);
  const std::size_t size = element_size(partial_type);
  const std::int64_t wide = fold * s.inner;
  const std::int64_t rest = s.n % fold;
  const auto partial = scratch(wide + s.inner, size);
  reduce(op, type, {1, 0, s.n / fold, wide, wide}, x, nullptr, partial.get());
  if (rest != 0) {
    reduce(op, type, {1, 0, rest, s.inner, s.inner},
           at(x, (s.n - rest) * s.inner, element_size(type)), nullptr,
           at(partial.get(), wide, size));
  }
  reduce(combining(op), partial_type, {1, 0, fold + (rest != 0 ? 1 : 0), s.inner, s.inner},
         partial.get(), nullptr, out);
}

}  // namespace

ScalarType reduced_type(Reduction op, ScalarType type) {
  const bool keeps = is_floating_point(type) || op == Reduction::Max || op == Reduction::Min;
  return keeps ? type : ScalarType::Long;
}

void reduce(Reduction op, ScalarType type, const ReduceShape& s, const void* x, const void* center,
            void* out) {
  constexpr std::int64_t kWide = 64;
  if (s.outer == 1 && s.inner > 1 && s.inner < kWide / 4 && s.n_stride == s.inner &&
      s.n >= 4 * kWide && center == nullptr) {
    return reduce_narrow(op, type, s, kWide / s.inner, x, out);
  }
  const ReduceLoops loops =
      is_floating_point(type) ? float_reduce_loops(op, type) : integer_reduce_loops(op, type);
  const ScalarType out_type = reduced_type(op, type);
  const std::size_t x_size = element_size(type);
  const std::size_t out_size = element_size(out_type);
  const Split split(s);
  std::unique_ptr<std::byte[]> partial;
  void* results = out;
  if (split.chunks > 1) {
    partial = scratch(s.outer * split.chunks * s.inner, out_size);
    results = partial.get();
  }
  // Where the center of a partial result is: one for all chunks.
  const auto center_at = [&](std::int64_t place) -> const void* {
    if (center == nullptr) return nullptr;
    return at(center, place / (split.chunks * s.inner) * s.inner + place % s.inner, out_size);
  };
  run(
      s, split,
      [&](std::int64_t from, std::int64_t to, std::int64_t rows) {
        loops.rows(at(x, from, x_size), rows, s.outer_stride, s.n, center_at(to),
                   at(results, to, out_size));
      },
      [&](std::int64_t from, std::int64_t to, std::int64_t n, std::int64_t columns) {
        if (is_rows(s)) {
          loops.rows(at(x, from, x_size), 1, 0, n, center_at(to), at(results, to, out_size));
        } else {
          loops.columns(at(x, from, x_size), n, s.n_stride, columns, center_at(to),
                        at(results, to, out_size));
        }
      });
  if (split.chunks > 1) {
    reduce(combining(op), out_type,
           {s.outer, split.chunks * s.inner, split.chunks, s.inner, s.inner}, results, nullptr,
           out);
  }
}

void reduce_with_index(bool greatest, ScalarType type, const ReduceShape& s, const void* x,
                       void* values, std::int64_t* indices) {
  const IndexLoops loops = is_floating_point(type) ? float_index_loops(greatest, type)
                                                   : integer_index_loops(greatest, type);
  const std::size_t size = element_size(type);
  const Split split(s);
  std::unique_ptr<std::byte[]> partial;
  std::unique_ptr<std::int64_t[]> partial_indices;
  void* to_values = values;
  std::int64_t* to_indices = indices;
  if (split.chunks > 1) {
    const std::int64_t count = s.outer * split.chunks * s.inner;
    partial = scratch(count, size);
    partial_indices = std::make_unique_for_overwrite<std::int64_t[]>(static_cast<size_t>(count));
    to_values = partial.get();
    to_indices = partial_indices.get();
  }
  const auto value_at = [&](std::int64_t place) -> void* {
    return to_values == nullptr ? nullptr : at(to_values, place, size);
  };
  run(
      s, split,
      [&](std::int64_t from, std::int64_t to, std::int64_t rows) {
        loops.rows(at(x, from, size), rows, s.outer_stride, s.n, value_at(to), to_indices + to);
      },
      [&](std::int64_t from, std::int64_t to, std::int64_t n, std::int64_t columns) {
        if (is_rows(s)) {
          loops.rows(at(x, from, size), 1, 0, n, value_at(to), to_indices + to);
        } else {
          loops.columns(at(x, from, size), n, s.n_stride, columns, value_at(to), to_indices + to);
        }
      });
  if (split.chunks == 1) return;
  dispatch_numbers(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* candidates = static_cast<const T*>(to_values);
    for (std::int64_t o = 0; o < s.outer; ++o) {
      for (std::int64_t i = 0; i < s.inner; ++i) {
        std::int64_t best = o * split.chunks * s.inner + i;
        std::int64_t best_chunk = 0;
        for (std::int64_t c = 1; c < split.chunks; ++c) {
          const std::int64_t place = (o * split.chunks + c) * s.inner + i;
          const T old = candidates[best];
          const T candidate = candidates[place];
          bool better = greatest ? candidate > old : candidate < old;
          if constexpr (std::is_floating_point_v<T>) {
            better = better || (candidate != candidate && old == old);
          }
          if (!better) continue;
          best = place;
          best_chunk = c;
        }
        indices[o * s.inner + i] = best_chunk * split.chunk + to_indices[best];
        if (values != nullptr) static_cast<T*>(values)[o * s.inner + i] = candidates[best];
      }
    }
  });
}

void divide_by(ScalarType type, void* data, std::int64_t n, double divisor) {
  dispatch_floating(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* values = static_cast<T*>(data);
    for (std::int64_t i = 0; i < n; ++i) values[i] /= static_cast<T>(divisor);
  });
}

}  // namespace taper::kernels
