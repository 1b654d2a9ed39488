#pragma once

#include <cstdint>

/// Products of matrices and vectors over OpenBLAS for float and double, over plain loops for
/// uint8, int32 and int64 (which wrap around). These five are the T of everything here.
///
/// Every BLAS call runs on one thread: large products are cut here, at places that follow from the
/// sizes alone, and shared out by parallel_for. The first call sets OpenBLAS's own number of
/// threads to 1, for the whole process.
namespace taper::kernels {

/// A matrix whose rows stand `stride` elements apart. With `transposed` the memory holds the
/// transpose: element (i, j) stands at data[j * stride + i].
template <class T>
struct MatrixOperand {
  const T* data;
  std::int64_t stride;
  bool transposed;
};

/// C = alpha A B + beta C for A [m, k], B [k, n], C [m, n] with rows `c_stride` apart. With beta
/// = 0, C is not read.
template <class T>
void gemm(std::int64_t m, std::int64_t n, std::int64_t k, T alpha, MatrixOperand<T> a,
          MatrixOperand<T> b, T beta, T* c, std::int64_t c_stride);

/// The same for `batch` products whose operands lie a_step, b_step and m * n elements apart; C's
/// rows lie n apart. A step of 0 uses one matrix for all.
template <class T>
void gemm_batch(std::int64_t batch, std::int64_t m, std::int64_t n, std::int64_t k, T alpha,
                MatrixOperand<T> a, std::int64_t a_step, MatrixOperand<T> b, std::int64_t b_step,
                T beta, T* c);

/// y = alpha A x + beta y for A [m, k]; x's and y's elements lie x_step and y_step (> 0) apart.
/// With beta = 0, y is not read.
template <class T>
void gemv(std::int64_t m, std::int64_t k, T alpha, MatrixOperand<T> a, const T* x,
          std::int64_t x_step, T beta, T* y, std::int64_t y_step);

/// The sum of x[i] * y[i] over n elements, x_step and y_step (> 0) apart.
template <class T>
T dot(std::int64_t n, const T* x, std::int64_t x_step, const T* y, std::int64_t y_step);

}  // namespace taper::kernels
