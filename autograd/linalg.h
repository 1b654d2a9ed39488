#pragma once

#include <optional>
#include <string_view>

#include "taper/tensor/tensor.h"

// Linear algebra; a part of taper/autograd/ops.h. Products take two operands of one dtype: floats
// or integers, which wrap around.
namespace taper {

// --- Products ---
Tensor mm(const Tensor& a, const Tensor& b);     // [M, K] x [K, N] -> [M, N]
Tensor bmm(const Tensor& a, const Tensor& b);    // [B, M, K] x [B, K, N] -> [B, M, N]
Tensor mv(const Tensor& a, const Tensor& b);     // [M, K] x [K] -> [M]
Tensor dot(const Tensor& a, const Tensor& b);    // [K] x [K] -> []
Tensor vdot(const Tensor& a, const Tensor& b);   // dot: nothing here is complex
Tensor outer(const Tensor& a, const Tensor& b);  // [M] x [N] -> [M, N]
Tensor ger(const Tensor& a, const Tensor& b);    // outer
// Sums of products over the last dimensions: [..1, K], [..2, K] -> [..1, ..2]. A 0-dim operand is a
// factor.
Tensor inner(const Tensor& a, const Tensor& b);
// By the number of dimensions: dot, mv, mm, or a batched product with broadcast batch dimensions; a
// 1-D operand is a row on the left, a column on the right.
Tensor matmul(const Tensor& a, const Tensor& b);
// x [..., in], weight [out, in], bias [out] or undefined -> x weight^T + bias [..., out].
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias = {});

// --- beta * x + alpha * a product; x is broadcast, and not read where beta is 0 ---
// a [M, K], b [K, N] -> [M, N]
Tensor addmm(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta = 1,
             const Scalar& alpha = 1);
// mat [M, K], vec [K] -> [M]
Tensor addmv(const Tensor& x, const Tensor& mat, const Tensor& vec, const Scalar& beta = 1,
             const Scalar& alpha = 1);
Tensor& addmv_(Tensor& x, const Tensor& mat, const Tensor& vec, const Scalar& beta = 1,
               const Scalar& alpha = 1);
// a [B, M, K], b [B, K, N] -> [B, M, N]
Tensor baddbmm(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta = 1,
               const Scalar& alpha = 1);
// The sum over the batch of the products: [M, N].
Tensor addbmm(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta = 1,
              const Scalar& alpha = 1);
// The outer product of a [M] and b [N].
Tensor addr(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta = 1,
            const Scalar& alpha = 1);

// --- Made of products ---
// Sums of products over the pairs of dimensions dims_a[i], dims_b[i]; the other dimensions stay,
// a's first.
Tensor tensordot(const Tensor& a, const Tensor& b, IntArrayRef dims_a, IntArrayRef dims_b);
// Kronecker product: every element of a times all of b.
Tensor kron(const Tensor& a, const Tensor& b);
Tensor matrix_power(const Tensor& x,
                    int64_t n);  // x [..., M, M]; n < 0 throws, for lack of inverse
Tensor linalg_matrix_power(const Tensor& x, int64_t n);
// The product of all matrices in the cheapest order; with linalg_multi_dot the first may be a row,
// the last a column vector.
Tensor chain_matmul(TensorList matrices);
Tensor linalg_multi_dot(TensorList tensors);
Tensor linalg_matmul(const Tensor& a, const Tensor& b);
// The vector product of the two along a dimension of size 3 (the first such by default).
Tensor cross(const Tensor& a, const Tensor& b, std::optional<int64_t> dim = std::nullopt);
Tensor linalg_cross(const Tensor& a, const Tensor& b, int64_t dim = -1);
Tensor trace(const Tensor& x);  // the sum of a matrix' diagonal

// --- Distances ---
// (sum |a - b|^p)^(1/p) of all rows: a [..., P, M], b [..., R, M] -> [..., P, R]; p = 0 counts the
// elements that differ. compute_mode: nothing or 0 takes products of matrices for p = 2 and more
// than 25 rows, 1 always, 2 never.
Tensor cdist(const Tensor& a, const Tensor& b, double p = 2,
             std::optional<int64_t> compute_mode = std::nullopt);
// Of rows with rows, |a - b + eps|_p over the last dimension.
Tensor pairwise_distance(const Tensor& a, const Tensor& b, double p = 2, double eps = 1e-6,
                         bool keepdim = false);
// a.b / (max(|a|, eps) max(|b|, eps)) along dim; the gradient does not see the eps.
Tensor cosine_similarity(const Tensor& a, const Tensor& b, int64_t dim = 1, double eps = 1e-8);

// --- Norms ---
// Of the elements, as norm().
Tensor linalg_vector_norm(const Tensor& x, const Scalar& ord = 2,
                          OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
                          std::optional<ScalarType> dtype = std::nullopt);
// Of matrices in the two dimensions: "fro" and, by sums of |x| over columns (1, -1) or rows (inf,
// -inf), the greatest or the least. The norms of singular values (2, -2, "nuc") are not to be had:
// NotImplementedError.
Tensor linalg_matrix_norm(const Tensor& x, const Scalar& ord, IntArrayRef dim = {-2, -1},
                          bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
Tensor linalg_matrix_norm(const Tensor& x, std::string_view ord = "fro", IntArrayRef dim = {-2, -1},
                          bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
// linalg_matrix_norm where an ord is given and dim has two dimensions (or x, without dim), else
// linalg_vector_norm.
Tensor linalg_norm(const Tensor& x, const std::optional<Scalar>& ord = std::nullopt,
                   OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
                   std::optional<ScalarType> dtype = std::nullopt);
Tensor linalg_norm(const Tensor& x, std::string_view ord, OptionalIntArrayRef dim = std::nullopt,
                   bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
Tensor frobenius_norm(const Tensor& x);
Tensor frobenius_norm(const Tensor& x, IntArrayRef dim, bool keepdim = false);

// torch::linalg's names for these.
namespace linalg {

inline Tensor matmul(const Tensor& a, const Tensor& b) { return linalg_matmul(a, b); }
inline Tensor multi_dot(TensorList tensors) { return linalg_multi_dot(tensors); }
inline Tensor matrix_power(const Tensor& x, int64_t n) { return linalg_matrix_power(x, n); }
inline Tensor norm(const Tensor& x, const std::optional<Scalar>& ord, OptionalIntArrayRef dim,
                   bool keepdim, std::optional<ScalarType> dtype) {
  return linalg_norm(x, ord, dim, keepdim, dtype);
}
inline Tensor norm(const Tensor& x, std::string_view ord, OptionalIntArrayRef dim, bool keepdim,
                   std::optional<ScalarType> dtype) {
  return linalg_norm(x, ord, dim, keepdim, dtype);
}
inline Tensor vector_norm(const Tensor& x, const Scalar& ord, OptionalIntArrayRef dim, bool keepdim,
                          std::optional<ScalarType> dtype) {
  return linalg_vector_norm(x, ord, dim, keepdim, dtype);
}
inline Tensor matrix_norm(const Tensor& x, const Scalar& ord, IntArrayRef dim, bool keepdim,
                          std::optional<ScalarType> dtype) {
  return linalg_matrix_norm(x, ord, dim, keepdim, dtype);
}

}  // namespace linalg
}  // namespace taper
