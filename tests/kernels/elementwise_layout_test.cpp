// The elementwise kernels over every kind of memory layout; comparisons, conversions and copies.

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "elementwise_testing.h"
#include "taper/tensor/kernels/parallel.h"

namespace taper::kernels {
namespace {

class LayoutTest : public ElementwiseTest {};

// ---- layouts ----

// An operand laid out in some way in a larger piece of memory.
template <class T>
struct Laid {
  std::vector<T> memory;
  std::vector<std::int64_t> strides;
  std::int64_t offset = 0;

  Operand in() const { return {memory.data() + offset, strides.data()}; }
  Output out() { return {memory.data() + offset, strides.data()}; }
};

enum class Layout { kContiguous, kReversedDims, kGaps, kBroadcastFirst, kBroadcastLast, kScalar };

template <class T>
Laid<T> lay(const std::vector<std::int64_t>& sizes, Layout layout, unsigned seed) {
  Laid<T> laid;
  const std::size_t ndim = sizes.size();
  laid.strides.assign(ndim, 0);
  std::int64_t stride = layout == Layout::kGaps ? 3 : 1;
  const auto place = [&](std::size_t d) {
    laid.strides[d] = stride;
    stride *= sizes[d] + (layout == Layout::kGaps ? 2 : 0);
  };
  for (std::size_t i = 0; i < ndim; ++i) {
    const std::size_t d = layout == Layout::kReversedDims ? i : ndim - 1 - i;
    if (layout == Layout::kScalar) continue;
    if (layout == Layout::kBroadcastFirst && d == 0) continue;
    if (layout == Layout::kBroadcastLast && d == ndim - 1) continue;
    place(d);
  }
  laid.offset = 5;
  laid.memory.resize(static_cast<std::size_t>(stride + 10));
  std::mt19937 random(seed);
  for (T& x : laid.memory) x = static_cast<T>(random() % 97);
  return laid;
}

// Calls fn(index) for every index of the shape.
template <class Fn>
void for_each_index(const std::vector<std::int64_t>& sizes, Fn fn) {
  std::vector<std::int64_t> index(sizes.size(), 0);
  for (const std::int64_t size : sizes) {
    if (size == 0) return;
  }
  for (;;) {
    fn(index);
    std::size_t d = sizes.size();
    while (d > 0 && ++index[d - 1] == sizes[d - 1]) index[--d] = 0;
    if (d == 0) return;
  }
}

std::int64_t position(const std::vector<std::int64_t>& index,
                      const std::vector<std::int64_t>& strides) {
  std::int64_t at = 0;
  for (std::size_t d = 0; d < index.size(); ++d) at += index[d] * strides[d];
  return at;
}

const std::vector<std::vector<std::int64_t>> kShapes = {
    {},           {1},        {7},         {600},           {0},
    {3, 0, 2},    {5, 3},     {3, 700},    {700, 3},        {1, 9, 1},
    {4, 5, 6},    {2, 3, 90}, {40, 1, 33}, {2, 2, 2, 2, 3}, {3, 1, 20, 70},
    {1, 1, 1, 1}, {190, 180}, {8200, 5}};
const Layout kOutputLayouts[] = {Layout::kContiguous, Layout::kReversedDims, Layout::kGaps};
const Layout kInputLayouts[] = {Layout::kContiguous,     Layout::kReversedDims,  Layout::kGaps,
                                Layout::kBroadcastFirst, Layout::kBroadcastLast, Layout::kScalar};

LoopShape loop_shape(const std::vector<std::int64_t>& sizes) {
  return {static_cast<int>(sizes.size()), sizes.data()};
}

// Compares a whole output's memory, gaps included, with what it should have become.
template <class T>
std::size_t differences(const Laid<T>& got, const Laid<T>& expected) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < got.memory.size(); ++i) {
    if (!same(got.memory[i], expected.memory[i])) ++count;
  }
  return count;
}

template <class T>
void check_layouts() {
  for (const auto& sizes : kShapes) {
    for (const Layout out_layout : kOutputLayouts) {
      for (const Layout a_layout : kInputLayouts) {
        for (const Layout b_layout : kInputLayouts) {
          const Laid<T> a = lay<T>(sizes, a_layout, 1), b = lay<T>(sizes, b_layout, 2);
          Laid<T> y = lay<T>(sizes, out_layout, 3);
          Laid<T> expected = y;
          for_each_index(sizes, [&](const auto& index) {
            expected.memory[static_cast<std::size_t>(expected.offset +
                                                     position(index, expected.strides))] =
                static_cast<T>(
                    a.memory[static_cast<std::size_t>(a.offset + position(index, a.strides))] -
                    b.memory[static_cast<std::size_t>(b.offset + position(index, b.strides))]);
          });
          map_binary(Formula::Sub, make_params(formulas::Sub{}), kType<T>, loop_shape(sizes),
                     a.in(), b.in(), y.out());
          ASSERT_EQ(differences(y, expected), 0u)
              << "ndim " << sizes.size() << " layouts " << static_cast<int>(out_layout) << " "
              << static_cast<int>(a_layout) << " " << static_cast<int>(b_layout);
        }
      }
    }
  }
}

TEST_P(LayoutTest, AnyLayout) {
  check_layouts<float>();
  check_layouts<double>();
  check_layouts<std::uint8_t>();
}

TEST_P(LayoutTest, ThreeOperandsOfSeveralSizesInAnyLayout) {
  for (const auto& sizes : kShapes) {
    for (const Layout layout : kInputLayouts) {
      Laid<std::uint8_t> condition = lay<std::uint8_t>(sizes, layout, 4);
      for (auto& x : condition.memory) x &= 1;
      for (const Layout other : kInputLayouts) {
        const Laid<double> a = lay<double>(sizes, other, 5);
        const Laid<double> b = lay<double>(sizes, Layout::kReversedDims, 6);
        Laid<double> y = lay<double>(sizes, Layout::kGaps, 7);
        Laid<double> expected = y;
        for_each_index(sizes, [&](const auto& index) {
          const auto at = [&](const auto& x) {
            return x.memory[static_cast<std::size_t>(x.offset + position(index, x.strides))];
          };
          expected.memory[static_cast<std::size_t>(
              expected.offset + position(index, expected.strides))] = at(condition) ? at(a) : at(b);
        });
        map_where(ScalarType::Double, loop_shape(sizes), condition.in(), a.in(), b.in(), y.out());
        ASSERT_EQ(differences(y, expected), 0u);
      }
    }
  }
}

TEST_P(LayoutTest, InPlace) {
  for (const auto& sizes : kShapes) {
    for (const Layout layout : kOutputLayouts) {
      for (const Layout other : kInputLayouts) {
        Laid<float> x = lay<float>(sizes, layout, 8);
        const Laid<float> b = lay<float>(sizes, other, 9);
        Laid<float> expected = x;
        for_each_index(sizes, [&](const auto& index) {
          float& element =
              expected.memory[static_cast<std::size_t>(x.offset + position(index, x.strides))];
          const float value =
              b.memory[static_cast<std::size_t>(b.offset + position(index, b.strides))];
          element = (element - value) * (element - value);
        });
        map_binary(Formula::Sub, make_params(formulas::Sub{}), ScalarType::Float, loop_shape(sizes),
                   x.in(), b.in(), x.out());
        map_binary(Formula::Mul, make_params(formulas::Mul{}), ScalarType::Float, loop_shape(sizes),
                   x.in(), x.in(), x.out());
        ASSERT_EQ(differences(x, expected), 0u);
      }
    }
  }
}

TEST_P(LayoutTest, NumberOfThreadsDoesNotChangeBits) {
  const std::int64_t rows = 1000, columns = 333;
  const std::vector<std::int64_t> sizes = {rows, columns};
  const Laid<float> x = lay<float>(sizes, Layout::kReversedDims, 10);
  const Laid<float> row = lay<float>(sizes, Layout::kBroadcastFirst, 11);
  const int before = max_threads();
  std::vector<Laid<float>> results;
  for (const int threads : {1, 2, 5}) {
    set_max_threads(threads);
    Laid<float> y = lay<float>(sizes, Layout::kContiguous, 12);
    map_binary(Formula::Pow, make_params(formulas::Pow{}), ScalarType::Float, loop_shape(sizes),
               x.in(), row.in(), y.out());
    map_unary(Formula::Tanh, Params{}, ScalarType::Float, loop_shape(sizes), y.in(), y.out());
    results.push_back(y);
  }
  set_max_threads(before);
  EXPECT_EQ(differences(results[0], results[1]), 0u);
  EXPECT_EQ(differences(results[0], results[2]), 0u);
}

// ---- comparisons, logic, copies ----

template <class T>
void check_comparisons() {
  Values<T> a, b;
  special_pairs<T>(a, b);
  Values<bool> y(a.size());
  const std::int64_t n = static_cast<std::int64_t>(a.size()), one = 1;
  const auto check = [&](Comparison comparison, auto exact) {
    map_compare(comparison, kType<T>, {1, &n}, {a.data(), &one}, {b.data(), &one},
                {y.data(), &one});
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(y[i], exact(a[i], b[i]) ? 1 : 0) << +a[i] << " " << +b[i];
    }
  };
  check(Comparison::Eq, [](auto x, auto z) { return x == z; });
  check(Comparison::Ne, [](auto x, auto z) { return x != z; });
  check(Comparison::Lt, [](auto x, auto z) { return x < z; });
  check(Comparison::Le, [](auto x, auto z) { return x <= z; });
  check(Comparison::Gt, [](auto x, auto z) { return x > z; });
  check(Comparison::Ge, [](auto x, auto z) { return x >= z; });
  const auto check_logic = [&](Logical op, auto exact) {
    map_logical(op, kType<T>, {1, &n}, {a.data(), &one}, {b.data(), &one}, {y.data(), &one});
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(y[i], exact(a[i] != 0, b[i] != 0) ? 1 : 0) << +a[i] << " " << +b[i];
    }
  };
  check_logic(Logical::And, [](bool x, bool z) { return x && z; });
  check_logic(Logical::Or, [](bool x, bool z) { return x || z; });
  check_logic(Logical::Xor, [](bool x, bool z) { return x != z; });
  check_logic(Logical::Not, [](bool x, bool) { return !x; });
}

TEST_P(LayoutTest, ComparisonsAndLogic) {
  check_comparisons<float>();
  check_comparisons<double>();
  check_comparisons<std::int64_t>();
  check_comparisons<std::int32_t>();
  check_comparisons<std::uint8_t>();
  check_comparisons<bool>();
}

template <class To, class From>
Values<To> converted(const Values<From>& x) {
  Values<To> y(x.size(), 77);
  const std::int64_t n = static_cast<std::int64_t>(x.size()), one = 1;
  copy(kType<To>, {y.data(), &one}, kType<From>, {x.data(), &one}, {1, &n});
  return y;
}

template <class From>
void check_conversions_between_numbers() {
  const Values<From> x = {0, 1, 2, 3, 50, 100, 0, 0, 1, 7, 9, 11, 13, 64, 99, 5, 6};
  EXPECT_EQ((converted<float, From>(x)), Values<float>(x.begin(), x.end()));
  EXPECT_EQ((converted<double, From>(x)), Values<double>(x.begin(), x.end()));
  EXPECT_EQ((converted<std::int64_t, From>(x)), Values<std::int64_t>(x.begin(), x.end()));
  EXPECT_EQ((converted<std::int32_t, From>(x)), Values<std::int32_t>(x.begin(), x.end()));
  EXPECT_EQ((converted<std::uint8_t, From>(x)), Values<std::uint8_t>(x.begin(), x.end()));
  Values<bool> truth;
  for (const From value : x) truth.push_back(value != 0);
  EXPECT_EQ((converted<bool, From>(x)), truth);
}

TEST_P(LayoutTest, Conversions) {
  check_conversions_between_numbers<float>();
  check_conversions_between_numbers<double>();
  check_conversions_between_numbers<std::int64_t>();
  check_conversions_between_numbers<std::int32_t>();
  check_conversions_between_numbers<std::uint8_t>();
  EXPECT_EQ((converted<double, bool>({0, 1, 1})), (Values<double>{0, 1, 1}));
  EXPECT_EQ((converted<bool, float>({kNaN<float>, -0.0f, 0.25f})), (Values<bool>{1, 0, 1}));
  EXPECT_EQ((converted<std::int64_t, double>({-2.7, 2.7, 9.3e18, -9.3e18, kNaN<double>})),
            (Values<std::int64_t>{-2, 2, INT64_MIN, INT64_MIN, INT64_MIN}));
  EXPECT_EQ((converted<std::int32_t, float>({-2.7f, 2.7f, 3e9f, -2147483648.0f, kNaN<float>})),
            (Values<std::int32_t>{-2, 2, INT32_MIN, INT32_MIN, INT32_MIN}));
  EXPECT_EQ((converted<std::uint8_t, float>({255.9f, 256, -1, 300.5f})),
            (Values<std::uint8_t>{255, 0, 255, 44}));
  EXPECT_EQ((converted<std::uint8_t, std::int64_t>({-1, 257})), (Values<std::uint8_t>{255, 1}));
}

template <class T>
void check_copy_layouts() {
  for (const auto& sizes : kShapes) {
    for (const Layout out_layout : kOutputLayouts) {
      for (const Layout layout : kInputLayouts) {
        const Laid<T> x = lay<T>(sizes, layout, 13);
        Laid<T> y = lay<T>(sizes, out_layout, 14), expected = y;
        Laid<double> z = lay<double>(sizes, out_layout, 15), expected_z = z;
        for_each_index(sizes, [&](const auto& index) {
          const T value = x.memory[static_cast<std::size_t>(x.offset + position(index, x.strides))];
          const auto at =
              static_cast<std::size_t>(expected.offset + position(index, expected.strides));
          expected.memory[at] = value;
          expected_z.memory[at] = static_cast<double>(value);
        });
        copy(kType<T>, y.out(), kType<T>, x.in(), loop_shape(sizes));
        ASSERT_EQ(differences(y, expected), 0u);
        copy(ScalarType::Double, z.out(), kType<T>, x.in(), loop_shape(sizes));
        ASSERT_EQ(differences(z, expected_z), 0u);

        const T value{42};
        for_each_index(sizes, [&](const auto& index) {
          expected.memory[static_cast<std::size_t>(expected.offset +
                                                   position(index, expected.strides))] = value;
        });
        fill(kType<T>, y.out(), loop_shape(sizes), &value);
        ASSERT_EQ(differences(y, expected), 0u);
      }
    }
  }
}

TEST_P(LayoutTest, CopyAndFillInAnyLayout) {
  check_copy_layouts<float>();
  check_copy_layouts<double>();
  check_copy_layouts<std::int64_t>();
  check_copy_layouts<std::uint8_t>();
}

INSTANTIATE_TEST_SUITE_P(Targets, LayoutTest, testing::ValuesIn(supported_targets()),
                         [](const auto& param) { return std::string(target_name(param.param)); });

}  // namespace
}  // namespace taper::kernels
