#pragma once

#include <cstdint>
#include <vector>

#include "taper/tensor/factories.h"
#include "taper/tensor/tensor.h"

// Problems whose gradients are plain loops, so that a trajectory tells of the optimizer alone. The
// reference numbers in these tests come from libtorch 1.13.1 run on the same loops.
namespace taper::optim::testing {

inline double noise(int t, int i) { return ((t * 7 + i * 13) % 11 - 5) / 50.0; }

// The gradient at step t of a bowl with another curvature and minimum for each element, plus noise.
// `first` is the element's number in the whole problem.
template <class T>
void bowl_gradient(int t, int first, int n, const T* p, T* g) {
  for (int i = 0; i < n; ++i) {
    const T curvature = static_cast<T>(0.5 + 0.25 * ((first + i) % 5));
    const T target = static_cast<T>(((first + i) % 7) - 3);
    g[i] = curvature * (p[i] - target) + static_cast<T>(noise(t, first + i));
  }
}

// Two parameters, [3, 3] and [5], on the bowl.
template <class T>
struct Bowl {
  Bowl() {
    const ScalarType dtype = CppTypeToScalarType<T>::value;
    a = zeros({3, 3}, dtype);
    b = zeros({5}, dtype);
    for (int i = 0; i < 9; ++i) a.data_ptr<T>()[i] = static_cast<T>(i - 4) / 2;
    for (int i = 0; i < 5; ++i) b.data_ptr<T>()[i] = static_cast<T>(2 - i) / 4;
    for (Tensor* p : {&a, &b}) {
      p->requires_grad_();
      p->mutable_grad() = zeros(p->sizes(), dtype);
    }
  }
  void set_gradients(int t) {
    bowl_gradient<T>(t, 0, 9, a.data_ptr<T>(), a.grad().data_ptr<T>());
    bowl_gradient<T>(t, 9, 5, b.data_ptr<T>(), b.grad().data_ptr<T>());
  }
  std::vector<Tensor> parameters() const { return {a, b}; }
  std::vector<T> values() const {
    std::vector<T> all(a.data_ptr<T>(), a.data_ptr<T>() + 9);
    all.insert(all.end(), b.data_ptr<T>(), b.data_ptr<T>() + 5);
    return all;
  }

  Tensor a;
  Tensor b;
};

// sum_i 100 (x[i+1] - x[i]^2)^2 + (1 - x[i])^2 and its gradient.
inline double rosenbrock(int n, const double* x, double* g) {
  double f = 0;
  for (int i = 0; i < n; ++i) g[i] = 0;
  for (int i = 0; i + 1 < n; ++i) {
    const double a = x[i + 1] - x[i] * x[i];
    const double b = 1 - x[i];
    f += 100 * a * a + b * b;
    g[i] += -400 * x[i] * a - 2 * b;
    g[i + 1] += 200 * a;
  }
  return f;
}

struct Rosenbrock {
  explicit Rosenbrock(const std::vector<double>& start) : x(tensor(start, kDouble)) {
    x.requires_grad_();
    x.mutable_grad() = zeros(x.sizes(), kDouble);
  }
  // The loss, written down, with the gradient set.
  Tensor evaluate() {
    losses.push_back(
        rosenbrock(static_cast<int>(x.numel()), x.data_ptr<double>(), x.grad().data_ptr<double>()));
    return tensor(losses.back(), kDouble);
  }

  Tensor x;
  std::vector<double> losses;
};

}  // namespace taper::optim::testing
