// The loops whose operands have several dtypes: comparisons, logic, where and conversions. Plain
// loops, which the compiler vectorises for each instruction set.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "taper/tensor/kernels/elementwise_compare.cpp"
#include "hwy/foreach_target.h"
// Highway's order: the loop above comes first, so that the static target is compiled last.
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "hwy/highway.h"
#include "taper/tensor/kernels/convert.h"
#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/kernels/elementwise_loops.h"

HWY_BEFORE_NAMESPACE();
namespace taper::kernels::HWY_NAMESPACE {
namespace {

template <Comparison kComparison, class T>
HWY_INLINE bool compare(T a, T b) {
  if constexpr (kComparison == Comparison::Eq) return a == b;
  if constexpr (kComparison == Comparison::Ne) return a != b;
  if constexpr (kComparison == Comparison::Lt) return a < b;
  if constexpr (kComparison == Comparison::Le) return a <= b;
  if constexpr (kComparison == Comparison::Gt) return a > b;
  if constexpr (kComparison == Comparison::Ge) return a >= b;
}

template <Logical kOp>
HWY_INLINE bool logical(bool a, bool b) {
  if constexpr (kOp == Logical::And) return a & b;
  if constexpr (kOp == Logical::Or) return a | b;
  if constexpr (kOp == Logical::Xor) return a != b;
  if constexpr (kOp == Logical::Not) return !a;
}

template <Comparison kComparison, class T>
void compare_of(const Params&, const void* const* in, void* out, std::size_t n) {
  const T* a = static_cast<const T*>(in[0]);
  const T* b = static_cast<const T*>(in[1]);
  bool* y = static_cast<bool*>(out);
  for (std::size_t i = 0; i < n; ++i) y[i] = compare<kComparison>(a[i], b[i]);
}

template <Logical kOp, class T>
void logical_of(const Params&, const void* const* in, void* out, std::size_t n) {
  const T* a = static_cast<const T*>(in[0]);
  const T* b = static_cast<const T*>(in[1]);
  bool* y = static_cast<bool*>(out);
  for (std::size_t i = 0; i < n; ++i) y[i] = logical<kOp>(a[i] != T{0}, b[i] != T{0});
}

template <Comparison kComparison>
Loop compare_for(ScalarType type) {
  return dispatch_all(type, [](auto tag) -> Loop {
    return &compare_of<kComparison, typename decltype(tag)::type>;
  });
}

template <Logical kOp>
Loop logical_for(ScalarType type) {
  return dispatch_all(
      type, [](auto tag) -> Loop { return &logical_of<kOp, typename decltype(tag)::type>; });
}

Loop compare_table(Comparison comparison, ScalarType type) {
  switch (comparison) {
    case Comparison::Eq:
      return compare_for<Comparison::Eq>(type);
    case Comparison::Ne:
      return compare_for<Comparison::Ne>(type);
    case Comparison::Lt:
      return compare_for<Comparison::Lt>(type);
    case Comparison::Le:
      return compare_for<Comparison::Le>(type);
    case Comparison::Gt:
      return compare_for<Comparison::Gt>(type);
    case Comparison::Ge:
      return compare_for<Comparison::Ge>(type);
  }
  return nullptr;
}

Loop logical_table(Logical op, ScalarType type) {
  switch (op) {
    case Logical::And:
      return logical_for<Logical::And>(type);
    case Logical::Or:
      return logical_for<Logical::Or>(type);
    case Logical::Xor:
      return logical_for<Logical::Xor>(type);
    case Logical::Not:
      return logical_for<Logical::Not>(type);
  }
  return nullptr;
}

// U is an unsigned integer of the element's size: where only moves bits.
template <class U>
void where_of(const Params&, const void* const* in, void* out, std::size_t n) {
  const std::uint8_t* condition = static_cast<const std::uint8_t*>(in[0]);
  const U* a = static_cast<const U*>(in[1]);
  const U* b = static_cast<const U*>(in[2]);
  U* y = static_cast<U*>(out);
  for (std::size_t i = 0; i < n; ++i) {
    const U yes = a[i], no = b[i];  // both are read, so that the choice needs no branch
    y[i] = condition[i] != 0 ? yes : no;
  }
}

Loop where_table(ScalarType type) {
  switch (element_size(type)) {
    case 1:
      return &where_of<std::uint8_t>;
    case 4:
      return &where_of<std::uint32_t>;
    case 8:
      return &where_of<std::uint64_t>;
    default:
      return nullptr;
  }
}

template <class To, class From>
void convert_of(const Params&, const void* const* in, void* out, std::size_t n) {
  if constexpr (std::is_same_v<To, From>) {
    if (n != 0 && in[0] != out) std::memcpy(out, in[0], n * sizeof(To));
  } else {
    const From* x = static_cast<const From*>(in[0]);
    To* y = static_cast<To*>(out);
    for (std::size_t i = 0; i < n; ++i) y[i] = convert<To>(x[i]);
  }
}

Loop convert_table(ScalarType dst, ScalarType src) {
  return dispatch_all(dst, [&](auto to) {
    return dispatch_all(src, [](auto from) -> Loop {
      return &convert_of<typename decltype(to)::type, typename decltype(from)::type>;
    });
  });
}

}  // namespace
// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace taper::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace taper::kernels {

HWY_EXPORT(compare_table);
HWY_EXPORT(logical_table);
HWY_EXPORT(where_table);
HWY_EXPORT(convert_table);

Loop compare_loop(Comparison comparison, ScalarType type) {
  return HWY_DYNAMIC_DISPATCH(compare_table)(comparison, type);
}

Loop logical_loop(Logical op, ScalarType type) {
  return HWY_DYNAMIC_DISPATCH(logical_table)(op, type);
}

Loop where_loop(ScalarType type) { return HWY_DYNAMIC_DISPATCH(where_table)(type); }

Loop convert_loop(ScalarType dst, ScalarType src) {
  return HWY_DYNAMIC_DISPATCH(convert_table)(dst, src);
}

}  // namespace taper::kernels
#endif
