#include "taper/tensor/kernels/scan.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/kernels/parallel.h"

namespace taper::kernels {
namespace {

// Calls body(begin, width) for tiles of columns: element k of the tile's columns stands at
// begin + k * inner. What a tile keeps for its columns stays in the first-level cache.
constexpr std::int64_t kTile = 512;

template <class Body>
void for_tiles(std::int64_t outer, std::int64_t n, std::int64_t inner, Body body) {
  constexpr std::int64_t kTask = 32768;
  const std::int64_t tiles = (inner + kTile - 1) / kTile;
  const std::int64_t grain = std::max<std::int64_t>(1, kTask / (n * std::min(inner, kTile)));
  parallel_for(0, outer * tiles, grain, [&](std::int64_t b, std::int64_t e) {
    for (std::int64_t t = b; t < e; ++t) {
      const std::int64_t first = t % tiles * kTile;
      body(t / tiles * n * inner + first, std::min(kTile, inner - first));
    }
  });
}

struct Sum {
  template <class A>
  static A identity() {
    return A{0};
  }
  template <class A>
  static A combine(A a, A b) {
    return a + b;
  }
};

struct Product {
  template <class A>
  static A identity() {
    return A{1};
  }
  template <class A>
  static A combine(A a, A b) {
    return a * b;
  }
};

struct LogSumExp {
  template <class A>
  static A identity() {
    return -std::numeric_limits<A>::infinity();
  }
  template <class A>
  static A combine(A a, A b) {
    if (a != a || b != b) return std::numeric_limits<A>::quiet_NaN();
    const A high = std::max(a, b);
    // Two infinities of one sign: their difference is NaN.
    if (a == b && std::isinf(a)) return a;
    return high + std::log1p(std::exp(std::min(a, b) - high));
  }
};

template <class Op, class T, class Accumulator>
void scan_of(std::int64_t outer, std::int64_t n, std::int64_t inner, const void* x_data,
             void* out_data) {
  const T* x = static_cast<const T*>(x_data);
  T* out = static_cast<T*>(out_data);
  for_tiles(outer, n, inner, [&](std::int64_t begin, std::int64_t width) {
    if (inner == 1) {
      Accumulator total = Op::template identity<Accumulator>();
      for (std::int64_t k = begin; k < begin + n; ++k) {
        total = Op::combine(total, static_cast<Accumulator>(x[k]));
        out[k] = static_cast<T>(total);
      }
      return;
    }
    Accumulator totals[kTile];
    std::fill(totals, totals + width, Op::template identity<Accumulator>());
    for (std::int64_t k = 0; k < n; ++k) {
      const T* from = x + begin + k * inner;
      T* to = out + begin + k * inner;
      for (std::int64_t i = 0; i < width; ++i) {
        totals[i] = Op::combine(totals[i], static_cast<Accumulator>(from[i]));
        to[i] = static_cast<T>(totals[i]);
      }
    }
  });
}

template <class Op>
void scan_float(ScalarType type, std::int64_t outer, std::int64_t n, std::int64_t inner,
                const void* x, void* out) {
  if (type == ScalarType::Float) return scan_of<Op, float, double>(outer, n, inner, x, out);
  scan_of<Op, double, double>(outer, n, inner, x, out);
}

template <class Op>
void scan_number(ScalarType type, std::int64_t outer, std::int64_t n, std::int64_t inner,
                 const void* x, void* out) {
  if (is_floating_point(type)) return scan_float<Op>(type, outer, n, inner, x, out);
  // Unsigned, for what passes the end wraps around.
  scan_of<Op, std::int64_t, std::uint64_t>(outer, n, inner, x, out);
}

}  // namespace

void scan(Scan op, ScalarType type, std::int64_t outer, std::int64_t n, std::int64_t inner,
          const void* x, void* out) {
  switch (op) {
    case Scan::Sum:
      return scan_number<Sum>(type, outer, n, inner, x, out);
    case Scan::Prod:
      return scan_number<Product>(type, outer, n, inner, x, out);
    case Scan::LogSumExp:
      return scan_float<LogSumExp>(type, outer, n, inner, x, out);
  }
}

void scan_extreme(bool greatest, ScalarType type, std::int64_t outer, std::int64_t n,
                  std::int64_t inner, const void* x_data, void* values_data,
                  std::int64_t* indices) {
  dispatch_numbers(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* x = static_cast<const T*>(x_data);
    T* values = static_cast<T*>(values_data);
    for_tiles(outer, n, inner, [&](std::int64_t begin, std::int64_t width) {
      // What is so far stands in the results, one row above.
      std::copy(x + begin, x + begin + width, values + begin);
      std::fill(indices + begin, indices + begin + width, 0);
      for (std::int64_t k = 1; k < n; ++k) {
        for (std::int64_t i = 0; i < width; ++i) {
          const std::int64_t at = begin + k * inner + i;
          const T best = values[at - inner];
          const T element = x[at];
          bool takes = greatest ? element >= best : element <= best;
          if constexpr (std::is_floating_point_v<T>) takes = takes || element != element;
          values[at] = takes ? element : best;
          indices[at] = takes ? k : indices[at - inner];
        }
      }
    });
  });
}

}  // namespace taper::kernels
