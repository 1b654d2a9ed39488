#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "taper/tensor/kernels/reduce_loops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "taper/tensor/kernels/reduce_float.cpp"
#include "hwy/foreach_target.h"
#include "taper/tensor/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace taper::kernels::HWY_NAMESPACE {
namespace {

HWY_INLINE float maximum(float a, float b) { return a > b || a != a ? a : b; }
HWY_INLINE double maximum(double a, double b) { return a > b || a != a ? a : b; }
HWY_INLINE float minimum(float a, float b) { return a < b || a != a ? a : b; }
HWY_INLINE double minimum(double a, double b) { return a < b || a != a ? a : b; }

// What is taken of an element; V is a scalar or a vector of them.
struct Itself {
  static constexpr bool kCentered = false;
  template <class V>
  static HWY_INLINE V map(V x, V) {
    return x;
  }
};
struct Squared {
  static constexpr bool kCentered = false;
  template <class V>
  static HWY_INLINE V map(V x, V) {
    return x * x;
  }
};
struct Deviation {
  static constexpr bool kCentered = true;
  template <class V>
  static HWY_INLINE V map(V x, V center) {
    return x - center;
  }
};
struct SquaredDeviation {
  static constexpr bool kCentered = true;
  template <class V>
  static HWY_INLINE V map(V x, V center) {
    return (x - center) * (x - center);
  }
};

template <class Map>
struct SumOf : Map {
  static constexpr double kIdentity = 0;
  template <class V>
  static HWY_INLINE V combine(V a, V b) {
    return a + b;
  }
};
struct Product : Itself {
  static constexpr double kIdentity = 1;
  template <class V>
  static HWY_INLINE V combine(V a, V b) {
    return a * b;
  }
};
struct Greatest : Itself {
  static constexpr double kIdentity = -std::numeric_limits<double>::infinity();
  template <class V>
  static HWY_INLINE V combine(V a, V b) {
    return maximum(a, b);
  }
};
struct Least : Itself {
  static constexpr double kIdentity = std::numeric_limits<double>::infinity();
  template <class V>
  static HWY_INLINE V combine(V a, V b) {
    return minimum(a, b);
  }
};

template <class Op, class T>
HWY_INLINE T combine_lanes(Vec<T> v) {
  alignas(64) T lanes[Vec<T>::kLanes];
  v.store(lanes);
  for (std::size_t half = Vec<T>::kLanes / 2; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) lanes[i] = Op::combine(lanes[i], lanes[i + half]);
  }
  return lanes[0];
}

// Blocks of 64 vectors in four accumulators; then the blocks' results are added up.
template <class Op, class T>
HWY_INLINE T reduce_row(const T* x, std::int64_t n, T center) {
  using V = Vec<T>;
  constexpr auto kLanes = static_cast<std::int64_t>(V::kLanes);
  const V c = static_cast<double>(center);
  const V identity = Op::kIdentity;
  const auto at = [&](std::int64_t i) HWY_ATTR { return Op::template map<V>(V::load(x + i), c); };
  T result = static_cast<T>(Op::kIdentity);
  std::int64_t i = 0;
  if (n >= kLanes) {
    V total = identity;
    while (n - i >= 4 * kLanes) {
      const std::int64_t quads = std::min<std::int64_t>((n - i) / (4 * kLanes), 16);
      V a0 = identity;
      V a1 = identity;
      V a2 = identity;
      V a3 = identity;
      for (std::int64_t q = 0; q < quads; ++q, i += 4 * kLanes) {
        a0 = Op::template combine<V>(a0, at(i));
        a1 = Op::template combine<V>(a1, at(i + kLanes));
        a2 = Op::template combine<V>(a2, at(i + 2 * kLanes));
        a3 = Op::template combine<V>(a3, at(i + 3 * kLanes));
      }
      const V low = Op::template combine<V>(a0, a1);
      const V high = Op::template combine<V>(a2, a3);
      total = Op::template combine<V>(total, Op::template combine<V>(low, high));
    }
    for (; i + kLanes <= n; i += kLanes) total = Op::template combine<V>(total, at(i));
    result = combine_lanes<Op>(total);
  }
  for (; i < n; ++i) {
    result = Op::template combine<T>(result, Op::template map<T>(x[i], center));
  }
  return result;
}

template <class Op, class T>
void reduce_rows(const void* x, std::int64_t rows, std::int64_t row_stride, std::int64_t n,
                 const void* center, void* out) {
  const T* centers = static_cast<const T*>(center);
  for (std::int64_t r = 0; r < rows; ++r) {
    static_cast<T*>(out)[r] = reduce_row<Op>(static_cast<const T*>(x) + r * row_stride, n,
                                             Op::kCentered ? centers[r] : T{0});
  }
}

// Fewer columns than a vector has lanes: each by itself, in blocks of 64 rows.
template <class Op, class T>
void reduce_few_columns(const T* x, std::int64_t n, std::int64_t n_stride, std::int64_t columns,
                        const T* center, T* out) {
  for (std::int64_t i = 0; i < columns; ++i) {
    const T c = Op::kCentered ? center[i] : T{0};
    T total = static_cast<T>(Op::kIdentity);
    for (std::int64_t begin = 0; begin < n; begin += 64) {
      const std::int64_t end = std::min<std::int64_t>(n, begin + 64);
      T block = static_cast<T>(Op::kIdentity);
      for (std::int64_t k = begin; k < end; ++k) {
        block = Op::template combine<T>(block, Op::template map<T>(x[k * n_stride + i], c));
      }
      total = Op::template combine<T>(total, block);
    }
    out[i] = total;
  }
}

// Eight rows at a time, which are combined as a tree, so that the accumulators are loaded and
// stored once for eight elements. After 16 such steps the accumulators go to a second level.
template <class Op, class T>
void reduce_columns(const void* x_data, std::int64_t n, std::int64_t n_stride, std::int64_t columns,
                    const void* center_data, void* out_data) {
  using V = Vec<T>;
  constexpr auto kLanes = static_cast<std::int64_t>(V::kLanes);
  const T* x = static_cast<const T*>(x_data);
  const T* center = static_cast<const T*>(center_data);
  T* out = static_cast<T*>(out_data);
  if (columns < kLanes) return reduce_few_columns<Op>(x, n, n_stride, columns, center, out);

  // A last vector that would stick out reaches back instead; its elements are computed twice.
  const std::int64_t vectors = (columns + kLanes - 1) / kLanes;
  const auto place = [&](std::int64_t j)
                         HWY_ATTR { return std::min(j * kLanes, columns - kLanes); };
  alignas(64) T low[kReduceColumns];
  alignas(64) T high[kReduceColumns];
  const V identity = Op::kIdentity;
  for (std::int64_t j = 0; j < vectors; ++j) {
    identity.store(low + j * kLanes);
    identity.store(high + j * kLanes);
  }
  const auto flush = [&]() HWY_ATTR {
    for (std::int64_t j = 0; j < vectors; ++j) {
      T* sum = high + j * kLanes;
      Op::template combine<V>(V::load(sum), V::load(low + j * kLanes)).store(sum);
      identity.store(low + j * kLanes);
    }
  };
  std::int64_t k = 0;
  std::int64_t steps = 0;
  for (; k + 8 <= n; k += 8) {
    const T* row = x + k * n_stride;
    for (std::int64_t j = 0; j < vectors; ++j) {
      const std::int64_t i = place(j);
      const V c = Op::kCentered ? V::load(center + i) : V(0.0);
      const auto at = [&](std::int64_t r) HWY_ATTR {
        return Op::template map<V>(V::load(row + r * n_stride + i), c);
      };
      const V a = Op::template combine<V>(at(0), at(1));
      const V b = Op::template combine<V>(at(2), at(3));
      const V d = Op::template combine<V>(at(4), at(5));
      const V e = Op::template combine<V>(at(6), at(7));
      const V eight =
          Op::template combine<V>(Op::template combine<V>(a, b), Op::template combine<V>(d, e));
      T* sum = low + j * kLanes;
      Op::template combine<V>(V::load(sum), eight).store(sum);
    }
    if (++steps % 16 == 0) flush();
  }
  for (; k < n; ++k) {
    for (std::int64_t j = 0; j < vectors; ++j) {
      const std::int64_t i = place(j);
      const V c = Op::kCentered ? V::load(center + i) : V(0.0);
      T* sum = low + j * kLanes;
      const V element = Op::template map<V>(V::load(x + k * n_stride + i), c);
      Op::template combine<V>(V::load(sum), element).store(sum);
    }
  }
  flush();
  for (std::int64_t j = 0; j < vectors; ++j) V::load(high + j * kLanes).store(out + place(j));
}

template <class T>
ReduceLoops loops_for(Reduction op) {
  switch (op) {
#define TAPER_LOOPS(...) \
  { &reduce_rows<__VA_ARGS__, T>, &reduce_columns<__VA_ARGS__, T> }
    case Reduction::Sum:
      return TAPER_LOOPS(SumOf<Itself>);
    case Reduction::Prod:
      return TAPER_LOOPS(Product);
    case Reduction::Max:
      return TAPER_LOOPS(Greatest);
    case Reduction::Min:
      return TAPER_LOOPS(Least);
    case Reduction::SumSquares:
      return TAPER_LOOPS(SumOf<Squared>);
    case Reduction::SumDeviations:
      return TAPER_LOOPS(SumOf<Deviation>);
    case Reduction::SumSquaredDeviations:
      return TAPER_LOOPS(SumOf<SquaredDeviation>);
#undef TAPER_LOOPS
  }
  return {};
}

ReduceLoops float_loops(Reduction op, ScalarType type) {
  return type == ScalarType::Float ? loops_for<float>(op) : loops_for<double>(op);
}

// Whether x is to take the place of an earlier best.
template <bool kGreatest, class T>
HWY_INLINE bool is_better(T x, T best) {
  return (kGreatest ? x > best : x < best) || (x != x && best == best);
}

// By blocks: only the block that holds the first extreme element is looked at again.
template <bool kGreatest, class T>
void index_rows(const void* x_data, std::int64_t rows, std::int64_t row_stride, std::int64_t n,
                void* values, std::int64_t* indices) {
  using Op = std::conditional_t<kGreatest, Greatest, Least>;
  constexpr std::int64_t kBlock = 1024;
  for (std::int64_t r = 0; r < rows; ++r) {
    const T* x = static_cast<const T*>(x_data) + r * row_stride;
    T best = x[0];
    std::int64_t best_block = 0;
    for (std::int64_t begin = 0; begin < n; begin += kBlock) {
      const T extreme = reduce_row<Op>(x + begin, std::min(kBlock, n - begin), T{0});
      if (is_better<kGreatest>(extreme, best)) {
        best = extreme;
        best_block = begin;
      }
      if (best != best) break;
    }
    std::int64_t i = best_block;
    while (best == best ? x[i] != best : x[i] == x[i]) ++i;
    indices[r] = i;
    if (values != nullptr) static_cast<T*>(values)[r] = x[i];
  }
}

template <bool kGreatest, class T>
void index_columns(const void* x_data, std::int64_t n, std::int64_t n_stride, std::int64_t columns,
                   void* values, std::int64_t* indices) {
  using V = Vec<T>;
  constexpr auto kLanes = static_cast<std::int64_t>(V::kLanes);
  const T* x = static_cast<const T*>(x_data);
  alignas(64) T best[kReduceColumns];
  // Row numbers below kReduceChunk are exact in any T.
  alignas(64) T where[kReduceColumns];
  for (std::int64_t i = 0; i < columns; ++i) {
    best[i] = x[i];
    where[i] = 0;
  }
  // Eight rows at a time, so that the best are loaded and stored once for eight elements.
  const std::int64_t in_vectors = columns / kLanes * kLanes;
  for (std::int64_t begin = 1; begin < n; begin += 8) {
    const std::int64_t end = std::min(n, begin + 8);
    for (std::int64_t i = 0; i < in_vectors; i += kLanes) {
      V old = V::load(best + i);
      V place = V::load(where + i);
      for (std::int64_t k = begin; k < end; ++k) {
        const V element = V::load(x + k * n_stride + i);
        const Mask<T> better =
            (kGreatest ? element > old : element < old) | ((element != element) & (old == old));
        old = select(better, element, old);
        place = select(better, V(static_cast<double>(k)), place);
      }
      old.store(best + i);
      place.store(where + i);
    }
    for (std::int64_t k = begin; k < end; ++k) {
      for (std::int64_t i = in_vectors; i < columns; ++i) {
        const T element = x[k * n_stride + i];
        if (!is_better<kGreatest>(element, best[i])) continue;
        best[i] = element;
        where[i] = static_cast<T>(k);
      }
    }
  }
  for (std::int64_t i = 0; i < columns; ++i) {
    indices[i] = static_cast<std::int64_t>(where[i]);
    if (values != nullptr) static_cast<T*>(values)[i] = best[i];
  }
}

IndexLoops index_loops(bool greatest, ScalarType type) {
  if (type == ScalarType::Float) {
    if (greatest) return {&index_rows<true, float>, &index_columns<true, float>};
    return {&index_rows<false, float>, &index_columns<false, float>};
  }
  if (greatest) return {&index_rows<true, double>, &index_columns<true, double>};
  return {&index_rows<false, double>, &index_columns<false, double>};
}

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace taper::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace taper::kernels {

HWY_EXPORT(float_loops);
HWY_EXPORT(index_loops);

ReduceLoops float_reduce_loops(Reduction op, ScalarType type) {
  return HWY_DYNAMIC_DISPATCH(float_loops)(op, type);
}

IndexLoops float_index_loops(bool greatest, ScalarType type) {
  return HWY_DYNAMIC_DISPATCH(index_loops)(greatest, type);
}

}  // namespace taper::kernels
#endif
