#pragma once

// What the tests of reductions share: inputs in every layout, and their elements as plain numbers.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper::testing {

inline constexpr double kInf = std::numeric_limits<double>::infinity();
inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

inline std::vector<double> values_of(const Tensor& x) {
  const Tensor dense = raw::contiguous(raw::to(x, kFloat64));
  const double* data = dense.data_ptr<double>();
  return {data, data + dense.numel()};
}

inline double value_of(const Tensor& x) { return raw::item(x).toDouble(); }

// The elements that go into each result, in row-major order.
inline std::vector<std::vector<double>> runs_of(const Tensor& x, IntArrayRef dims) {
  const DimVector sorted = reduction_dims(dims, x.dim());
  const DimVector kept = reduced_shape(x.sizes(), sorted, false);
  std::vector<std::vector<double>> runs(static_cast<size_t>(checked_numel(kept)));
  const std::vector<double> values = values_of(x);
  for (size_t place = 0; place < values.size(); ++place) {
    auto rest = static_cast<int64_t>(place);
    int64_t run = 0;
    int64_t stride = 1;
    for (int64_t d = x.dim() - 1; d >= 0; --d) {
      const int64_t index = rest % x.size(d);
      rest /= x.size(d);
      if (std::binary_search(sorted.begin(), sorted.end(), d)) continue;
      run += index * stride;
      stride *= x.size(d);
    }
    runs[static_cast<size_t>(run)].push_back(values[place]);
  }
  return runs;
}

struct Input {
  std::string name;
  Tensor x;
};

// Small whole numbers, whose sums are exact in any order.
inline Tensor whole_numbers(IntArrayRef sizes, ScalarType dtype) {
  return randint(0, 9, sizes).to(kFloat64).sub(dtype == kUInt8 || dtype == kBool ? 0 : 4).to(dtype);
}

inline std::vector<Input> layouts(IntArrayRef sizes, ScalarType dtype) {
  const Tensor x = whole_numbers(sizes, dtype);
  std::string shape = "[";
  for (int64_t size : sizes) shape += std::to_string(size) + " ";
  std::vector<Input> inputs = {{shape + "] contiguous", x}};
  if (x.dim() > 1) {
    inputs.push_back({shape + "] transposed", raw::transpose(x, 0, -1)});
    DimVector wide(sizes);
    for (int64_t& size : wide) size *= 2;
    Tensor sliced = whole_numbers(wide, dtype);
    for (int64_t d = 0; d < x.dim(); ++d) sliced = raw::slice(sliced, d, 1, std::nullopt, 2);
    inputs.push_back({shape + "] sliced", sliced});
    inputs.push_back({shape + "] last column", raw::slice(x, -1, -1, std::nullopt, 1)});
  }
  if (x.dim() > 0 && x.numel() < 10000) {
    DimVector more(sizes);
    more.insert(0, 3);
    inputs.push_back({shape + "] expanded", raw::expand(x, more)});
  }
  if (x.dim() == 3) inputs.push_back({shape + "] permuted", raw::permute(x, {1, 0, 2})});
  return inputs;
}

// In long double, for the reference must lose fewer digits than what it is the reference of.
inline long double long_sum_of(const std::vector<double>& run,
                               const std::function<long double(long double)>& term) {
  long double total = 0;
  for (double x : run) total += term(x);
  return total;
}

inline double sum_of(const std::vector<double>& run) {
  long double total = 0;
  for (double x : run) total += x;
  return static_cast<double>(total);
}

}  // namespace taper::testing
