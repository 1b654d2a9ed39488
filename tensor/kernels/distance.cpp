#include "taper/tensor/kernels/distance.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "taper/tensor/kernels/dispatch.h"
#include "taper/tensor/kernels/parallel.h"

namespace taper::kernels {
namespace {

// NaN stays NaN.
double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

// How differences become a distance: add() them up, then finish(); gradient() is
// d distance / d difference.
struct Count {
  double add(double total, double d) const { return total + (d != d ? d : d != 0 ? 1 : 0); }
  double finish(double total) const { return total; }
  double gradient(double, double) const { return 0; }
};

struct Sum {
  double add(double total, double d) const { return total + std::abs(d); }
  double finish(double total) const { return total; }
  double gradient(double d, double) const { return sign(d); }
};

struct Euclidean {
  double add(double total, double d) const { return total + d * d; }
  double finish(double total) const { return std::sqrt(total); }
  double gradient(double d, double y) const { return y == 0 ? 0 : d / y; }
};

// NaN is no candidate, as in libtorch; its gradient, and that of an infinite distance, is NaN.
struct Greatest {
  double add(double total, double d) const { return std::max(total, std::abs(d)); }
  double finish(double total) const { return total; }
  double gradient(double d, double y) const {
    const double gap = std::abs(d) - y;
    return gap == 0 ? sign(d) : gap != gap ? gap : 0;
  }
};

struct Power {
  double p;
  double add(double total, double d) const { return total + std::pow(std::abs(d), p); }
  double finish(double total) const { return std::pow(total, 1 / p); }
  double gradient(double d, double y) const {
    if (y == 0 || (d == 0 && p < 1)) return 0;
    return sign(d) * std::pow(std::abs(d), p - 1) / std::pow(y, p - 1);
  }
};

template <class Fn>
void dispatch_power(double p, Fn fn) {
  if (p == 0) return fn(Count{});
  if (p == 1) return fn(Sum{});
  if (p == 2) return fn(Euclidean{});
  if (std::isinf(p)) return fn(Greatest{});
  fn(Power{p});
}

// Rows for a task.
std::int64_t grain(std::int64_t others, std::int64_t m) {
  return std::max<std::int64_t>(1, 16384 / (others * m));
}

}  // namespace

void distance(ScalarType type, double p, std::int64_t batch, std::int64_t rows, std::int64_t others,
              std::int64_t m, const void* a_data, const void* b_data, void* out_data) {
  dispatch_floating(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    dispatch_power(p, [&](auto op) {
      parallel_for(0, batch * rows, grain(others, m), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t r = begin; r < end; ++r) {
          const T* a = static_cast<const T*>(a_data) + r * m;
          const T* b = static_cast<const T*>(b_data) + r / rows * others * m;
          T* out = static_cast<T*>(out_data) + r * others;
          for (std::int64_t j = 0; j < others; ++j, b += m) {
            double total = 0;
            for (std::int64_t k = 0; k < m; ++k) {
              // The difference is rounded to T, as that of tensors is.
              total = op.add(total, static_cast<double>(static_cast<T>(a[k] - b[k])));
            }
            out[j] = static_cast<T>(op.finish(total));
          }
        }
      });
    });
  });
}

void distance_backward(ScalarType type, double p, std::int64_t batch, std::int64_t rows,
                       std::int64_t others, std::int64_t m, const void* a_data, const void* b_data,
                       const void* g_data, const void* y_data, std::int64_t row_step,
                       std::int64_t other_step, void* da_data) {
  dispatch_floating(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    dispatch_power(p, [&](auto op) {
      parallel_for(0, batch * rows, grain(others, m), [&](std::int64_t begin, std::int64_t end) {
        std::vector<double> sums(static_cast<std::size_t>(m));
        for (std::int64_t r = begin; r < end; ++r) {
          const std::int64_t first = r / rows * rows * others + r % rows * row_step;
          const T* a = static_cast<const T*>(a_data) + r * m;
          const T* b = static_cast<const T*>(b_data) + r / rows * others * m;
          const T* g = static_cast<const T*>(g_data) + first;
          const T* y = static_cast<const T*>(y_data) + first;
          T* da = static_cast<T*>(da_data) + r * m;
          std::fill(sums.begin(), sums.end(), 0.0);
          for (std::int64_t j = 0; j < others; ++j, b += m) {
            const auto gj = static_cast<double>(g[j * other_step]);
            const auto yj = static_cast<double>(y[j * other_step]);
            for (std::int64_t k = 0; k < m; ++k) {
              const auto d = static_cast<double>(static_cast<T>(a[k] - b[k]));
              sums[static_cast<std::size_t>(k)] += gj * op.gradient(d, yj);
            }
          }
          for (std::int64_t k = 0; k < m; ++k) {
            da[k] = static_cast<T>(sums[static_cast<std::size_t>(k)]);
          }
        }
      });
    });
  });
}

}  // namespace taper::kernels
