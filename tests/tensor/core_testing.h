#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/raw/core.h"

// What the tests of views, dtypes, factories and errors share.
namespace taper {

constexpr double kInf = __builtin_inf();
constexpr double kNaN = __builtin_nan("");
constexpr int64_t kMax = INT64_MAX;
constexpr int64_t kMin = INT64_MIN;
constexpr int64_t kHuge = int64_t{1} << 40;

// The message of the taper::Error that fn() throws; any other exception fails the test.
template <class Fn>
std::string error_of(Fn fn) {
  try {
    fn();
  } catch (const IndexError& e) {
    return std::string("IndexError: ") + e.what();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

// Checks that `statement` throws taper::Error with `words` in its message.
#define EXPECT_ERROR(statement, words)                                           \
  do {                                                                           \
    const std::string message = ::taper::error_of([&] { (void)(statement); });   \
    EXPECT_NE(message.find(words), std::string::npos)                            \
        << #statement << "\nexpected: " << (words) << "\ngot:      " << message; \
  } while (false)

inline std::vector<double> values(const Tensor& x) {
  const Tensor dense = raw::contiguous(raw::to(x, kFloat64));
  const double* data = dense.data_ptr<double>();
  return {data, data + dense.numel()};
}

using Values = std::vector<double>;
using Ints = std::vector<int64_t>;

inline void expect_tensor(const Tensor& x, ScalarType dtype, const Ints& sizes,
                          const Values& elements) {
  EXPECT_EQ(x.scalar_type(), dtype);
  EXPECT_EQ(x.sizes().vec(), sizes);
  EXPECT_EQ(values(x), elements);
}

}  // namespace taper
