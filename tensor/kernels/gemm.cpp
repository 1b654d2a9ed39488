#include "taper/tensor/kernels/gemm.h"

#include <cblas.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <type_traits>
#include <vector>

#include "taper/tensor/kernels/parallel.h"

namespace taper::kernels {
namespace {

// Held around each call into OpenBLAS, so that calls of several threads are safe in whichever of
// its builds was loaded.
class BlasCall {
 public:
  BlasCall() {
    static const int build = [] {
      openblas_set_num_threads(1);
      return openblas_get_parallel();
    }();
    if (build == OPENBLAS_SEQUENTIAL) {
      // This build keeps its work space without a lock.
      static std::mutex mutex;
      lock_ = std::unique_lock<std::mutex>(mutex);
    } else if (build == OPENBLAS_OPENMP) {
      // OpenMP keeps the number of threads for each calling thread apart.
      thread_local const bool set = (openblas_set_num_threads(1), true);
      static_cast<void>(set);
    }
  }
  BlasCall(const BlasCall&) = delete;
  BlasCall& operator=(const BlasCall&) = delete;

 private:
  std::unique_lock<std::mutex> lock_;
};

constexpr CBLAS_TRANSPOSE flag(bool transposed) { return transposed ? CblasTrans : CblasNoTrans; }

void blas_gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, blasint m, blasint n, blasint k, float alpha,
               const float* a, blasint lda, const float* b, blasint ldb, float beta, float* c,
               blasint ldc) {
  BlasCall call;
  cblas_sgemm(CblasRowMajor, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
void blas_gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, blasint m, blasint n, blasint k,
               double alpha, const double* a, blasint lda, const double* b, blasint ldb,
               double beta, double* c, blasint ldc) {
  BlasCall call;
  cblas_dgemm(CblasRowMajor, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}
void blas_gemv(CBLAS_TRANSPOSE ta, blasint m, blasint n, float alpha, const float* a, blasint lda,
               const float* x, blasint incx, float beta, float* y, blasint incy) {
  BlasCall call;
  cblas_sgemv(CblasRowMajor, ta, m, n, alpha, a, lda, x, incx, beta, y, incy);
}
void blas_gemv(CBLAS_TRANSPOSE ta, blasint m, blasint n, double alpha, const double* a, blasint lda,
               const double* x, blasint incx, double beta, double* y, blasint incy) {
  BlasCall call;
  cblas_dgemv(CblasRowMajor, ta, m, n, alpha, a, lda, x, incx, beta, y, incy);
}
float blas_dot(blasint n, const float* x, blasint incx, const float* y, blasint incy) {
  BlasCall call;
  return cblas_sdot(n, x, incx, y, incy);
}
double blas_dot(blasint n, const double* x, blasint incx, const double* y, blasint incy) {
  BlasCall call;
  return cblas_ddot(n, x, incx, y, incy);
}

// Whether all of these are numbers that BLAS can be told.
template <class... Sizes>
bool fits_blas(Sizes... sizes) {
  return ((sizes <= std::numeric_limits<blasint>::max()) && ...);
}
blasint to_blas(std::int64_t size) { return static_cast<blasint>(size); }

// Integers are multiplied as unsigned ones, whose overflow is defined.
template <class T>
struct Arithmetic {
  using type = std::make_unsigned_t<T>;
};
template <>
struct Arithmetic<float> {
  using type = float;
};
template <>
struct Arithmetic<double> {
  using type = double;
};

template <class T>
T multiply_add(T a, T b, T c) {
  using U = typename Arithmetic<T>::type;
  return static_cast<T>(static_cast<U>(static_cast<U>(a) * static_cast<U>(b) + static_cast<U>(c)));
}

template <class T>
void scale(std::int64_t m, std::int64_t n, T beta, T* c, std::int64_t row, std::int64_t column) {
  if (beta == T{1}) return;
  for (std::int64_t i = 0; i < m; ++i) {
    for (std::int64_t j = 0; j < n; ++j) {
      T& element = c[i * row + j * column];
      element = beta == T{0} ? T{0} : multiply_add(beta, element, T{0});
    }
  }
}

// The memory from row i (for_columns: column i) of the matrix on.
template <class T>
MatrixOperand<T> from_row(MatrixOperand<T> a, std::int64_t i) {
  a.data += a.transposed ? i : i * a.stride;
  return a;
}
template <class T>
MatrixOperand<T> from_column(MatrixOperand<T> a, std::int64_t j) {
  a.data += a.transposed ? j * a.stride : j;
  return a;
}

template <class T>
void plain_gemm(std::int64_t m, std::int64_t n, std::int64_t k, T alpha, MatrixOperand<T> a,
                MatrixOperand<T> b, T beta, T* c, std::int64_t c_stride) {
  scale(m, n, beta, c, c_stride, 1);
  const std::int64_t a_row = a.transposed ? 1 : a.stride;
  const std::int64_t a_column = a.transposed ? a.stride : 1;
  const std::int64_t b_row = b.transposed ? 1 : b.stride;
  const std::int64_t b_column = b.transposed ? b.stride : 1;
  for (std::int64_t i = 0; i < m; ++i) {
    T* c_row = c + i * c_stride;
    for (std::int64_t p = 0; p < k; ++p) {
      const T factor = multiply_add(alpha, a.data[i * a_row + p * a_column], T{0});
      const T* b_p = b.data + p * b_row;
      for (std::int64_t j = 0; j < n; ++j) {
        c_row[j] = multiply_add(factor, b_p[j * b_column], c_row[j]);
      }
    }
  }
}

template <class T>
void plain_gemv(std::int64_t m, std::int64_t k, T alpha, MatrixOperand<T> a, const T* x,
                std::int64_t x_step, T* y, std::int64_t y_step) {
  const std::int64_t a_row = a.transposed ? 1 : a.stride;
  const std::int64_t a_column = a.transposed ? a.stride : 1;
  for (std::int64_t i = 0; i < m; ++i) {
    T sum{0};
    for (std::int64_t p = 0; p < k; ++p) {
      sum = multiply_add(a.data[i * a_row + p * a_column], x[p * x_step], sum);
    }
    y[i * y_step] = multiply_add(alpha, sum, y[i * y_step]);
  }
}

// One tile of a product: m, n and k are positive.
template <class T>
void gemm_tile(std::int64_t m, std::int64_t n, std::int64_t k, T alpha, MatrixOperand<T> a,
               MatrixOperand<T> b, T beta, T* c, std::int64_t c_stride) {
  if constexpr (std::is_floating_point_v<T>) {
    if (fits_blas(m, n, k, a.stride, b.stride, c_stride)) {
      blas_gemm(flag(a.transposed), flag(b.transposed), to_blas(m), to_blas(n), to_blas(k), alpha,
                a.data, to_blas(a.stride), b.data, to_blas(b.stride), beta, c, to_blas(c_stride));
      return;
    }
  }
  plain_gemm(m, n, k, alpha, a, b, beta, c, c_stride);
}

template <class T>
void gemv_piece(std::int64_t m, std::int64_t k, T alpha, MatrixOperand<T> a, const T* x,
                std::int64_t x_step, T beta, T* y, std::int64_t y_step) {
  // Scaled here: what BLAS makes of NaN times a beta of 0 differs from release to release.
  scale(m, std::int64_t{1}, beta, y, y_step, std::int64_t{0});
  if constexpr (std::is_floating_point_v<T>) {
    if (fits_blas(m, k, a.stride, x_step, y_step)) {
      const blasint rows = to_blas(a.transposed ? k : m);
      const blasint columns = to_blas(a.transposed ? m : k);
      blas_gemv(flag(a.transposed), rows, columns, alpha, a.data, to_blas(a.stride), x,
                to_blas(x_step), T{1}, y, to_blas(y_step));
      return;
    }
  }
  plain_gemv(m, k, alpha, a, x, x_step, y, y_step);
}

// A piece of this many multiplications takes BLAS some ten microseconds: enough to be worth
// handing to another thread.
constexpr std::int64_t kWorkOfPiece = std::int64_t{1} << 21;
constexpr std::int64_t kWorkOfPlainPiece = std::int64_t{1} << 16;
constexpr std::int64_t kMaxPieces = 16;

template <class T>
double pieces_of(std::int64_t m, std::int64_t n, std::int64_t k) {
  const double work = static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
  return work / static_cast<double>(std::is_floating_point_v<T> ? kWorkOfPiece : kWorkOfPlainPiece);
}

struct Tile {
  std::int64_t m;
  std::int64_t n;
};

// Halves the longer side until there are enough tiles. Each tile packs its operands again, so
// there are few, and none is thin.
Tile tile_of(std::int64_t m, std::int64_t n, double pieces) {
  constexpr std::int64_t kStep = 16;
  constexpr std::int64_t kThin = 64;
  Tile tile{m, n};
  for (std::int64_t count = 1; count < kMaxPieces && static_cast<double>(2 * count) <= pieces;
       count *= 2) {
    std::int64_t& side = tile.n >= tile.m ? tile.n : tile.m;
    if (side <= kThin) break;
    side = (side / 2 + kStep - 1) / kStep * kStep;
  }
  return tile;
}

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace

template <class T>
void gemm(std::int64_t m, std::int64_t n, std::int64_t k, T alpha, MatrixOperand<T> a,
          MatrixOperand<T> b, T beta, T* c, std::int64_t c_stride) {
  if (m == 0 || n == 0) return;
  if (k == 0) {
    scale(m, n, beta, c, c_stride, std::int64_t{1});
    return;
  }
  // A row or a column of a product costs BLAS a third as a vector of what it costs as a matrix.
  if (m == 1) {
    const std::int64_t a_step = a.transposed ? a.stride : 1;
    gemv(n, k, alpha, {b.data, b.stride, !b.transposed}, a.data, a_step, beta, c, std::int64_t{1});
    return;
  }
  if (n == 1) {
    const std::int64_t b_step = b.transposed ? 1 : b.stride;
    gemv(m, k, alpha, a, b.data, b_step, beta, c, c_stride);
    return;
  }
  const Tile tile = tile_of(m, n, pieces_of<T>(m, n, k));
  const std::int64_t across = ceil_div(n, tile.n);
  parallel_for(0, ceil_div(m, tile.m) * across, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t t = begin; t < end; ++t) {
      const std::int64_t i = t / across * tile.m;
      const std::int64_t j = t % across * tile.n;
      gemm_tile(std::min(tile.m, m - i), std::min(tile.n, n - j), k, alpha, from_row(a, i),
                from_column(b, j), beta, c + i * c_stride + j, c_stride);
    }
  });
}

template <class T>
void gemm_batch(std::int64_t batch, std::int64_t m, std::int64_t n, std::int64_t k, T alpha,
                MatrixOperand<T> a, std::int64_t a_step, MatrixOperand<T> b, std::int64_t b_step,
                T beta, T* c) {
  if (m == 0 || n == 0) return;
  const double pieces = pieces_of<T>(m, n, k);
  // Matrices that are large themselves are cut by gemm, small ones are shared out whole.
  const std::int64_t grain =
      pieces >= 1 ? batch
                  : std::max(ceil_div(batch, 4 * kMaxPieces),
                             static_cast<std::int64_t>(std::min(1 / (pieces + 1e-9), 1e9)));
  parallel_for(0, batch, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      gemm(m, n, k, alpha, {a.data + i * a_step, a.stride, a.transposed},
           {b.data + i * b_step, b.stride, b.transposed}, beta, c + i * m * n, n);
    }
  });
}

template <class T>
void gemv(std::int64_t m, std::int64_t k, T alpha, MatrixOperand<T> a, const T* x,
          std::int64_t x_step, T beta, T* y, std::int64_t y_step) {
  if (m == 0) return;
  if (k == 0) {
    scale(m, std::int64_t{1}, beta, y, y_step, std::int64_t{0});
    return;
  }
  // Bound by memory, not by arithmetic: a piece is a 2 MB part of the matrix.
  constexpr std::int64_t kElementsOfPiece = std::int64_t{1} << 19;
  const std::int64_t pieces =
      std::min(kMaxPieces, static_cast<std::int64_t>(static_cast<double>(m) *
                                                     static_cast<double>(k) / kElementsOfPiece));
  const std::int64_t grain = pieces < 2 ? m : std::max<std::int64_t>(16, ceil_div(m, pieces));
  parallel_for(0, m, grain, [&](std::int64_t begin, std::int64_t end) {
    gemv_piece(end - begin, k, alpha, from_row(a, begin), x, x_step, beta, y + begin * y_step,
               y_step);
  });
}

template <class T>
T dot(std::int64_t n, const T* x, std::int64_t x_step, const T* y, std::int64_t y_step) {
  constexpr std::int64_t kPiece = std::int64_t{1} << 18;
  const auto piece = [&](std::int64_t begin, std::int64_t end) {
    const T* px = x + begin * x_step;
    const T* py = y + begin * y_step;
    if constexpr (std::is_floating_point_v<T>) {
      if (fits_blas(x_step, y_step)) {
        return blas_dot(to_blas(end - begin), px, to_blas(x_step), py, to_blas(y_step));
      }
    }
    T sum{0};
    for (std::int64_t i = 0; i < end - begin; ++i) {
      sum = multiply_add(px[i * x_step], py[i * y_step], sum);
    }
    return sum;
  };
  if (n <= kPiece) return n == 0 ? T{0} : piece(0, n);
  std::vector<T> sums(static_cast<std::size_t>(ceil_div(n, kPiece)));
  parallel_for(0, n, kPiece, [&](std::int64_t begin, std::int64_t end) {
    sums[static_cast<std::size_t>(begin / kPiece)] = piece(begin, end);
  });
  T sum{0};
  for (T part : sums) sum = multiply_add(part, T{1}, sum);
  return sum;
}

#define TAPER_INSTANTIATE(T)                                                                     \
  template void gemm<T>(std::int64_t, std::int64_t, std::int64_t, T, MatrixOperand<T>,           \
                        MatrixOperand<T>, T, T*, std::int64_t);                                  \
  template void gemm_batch<T>(std::int64_t, std::int64_t, std::int64_t, std::int64_t, T,         \
                              MatrixOperand<T>, std::int64_t, MatrixOperand<T>, std::int64_t, T, \
                              T*);                                                               \
  template void gemv<T>(std::int64_t, std::int64_t, T, MatrixOperand<T>, const T*, std::int64_t, \
                        T, T*, std::int64_t);                                                    \
  template T dot<T>(std::int64_t, const T*, std::int64_t, const T*, std::int64_t);
TAPER_INSTANTIATE(float)
TAPER_INSTANTIATE(double)
TAPER_INSTANTIATE(std::uint8_t)
TAPER_INSTANTIATE(std::int32_t)
TAPER_INSTANTIATE(std::int64_t)
#undef TAPER_INSTANTIATE

}  // namespace taper::kernels
