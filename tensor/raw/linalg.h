#pragma once

#include "taper/tensor/tensor.h"

// Products of matrices and vectors without a tape. Transposed operands are read where they stand;
// other strides are copied first. Both operands must have one dtype, and Bool has no product.
namespace taper::raw {

Tensor mm(const Tensor& a, const Tensor& b);   // [M, K] x [K, N] -> [M, N]
Tensor bmm(const Tensor& a, const Tensor& b);  // [B, M, K] x [B, K, N] -> [B, M, N]
Tensor mv(const Tensor& a, const Tensor& b);   // [M, K] x [K] -> [M]
Tensor dot(const Tensor& a, const Tensor& b);  // [K] x [K] -> []
// beta * x + alpha * a b; x is broadcast to [M, N].
Tensor addmm(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta,
             const Scalar& alpha);
// The same for a vector x, mat [M, K] and vec [K], and for a batch of matrices. The result has the
// dtype of the product.
Tensor addmv(const Tensor& x, const Tensor& mat, const Tensor& vec, const Scalar& beta,
             const Scalar& alpha);
Tensor baddbmm(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta,
               const Scalar& alpha);
// out = beta * out + alpha * a b. out is row-major and shares no memory with a and b.
void addmm_into(const Tensor& out, const Tensor& a, const Tensor& b, const Scalar& beta,
                const Scalar& alpha);
// x [N, in], weight [out, in], bias broadcast to [N, out] or undefined -> x weight^T + bias.
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias);

}  // namespace taper::raw
