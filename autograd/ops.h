#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "taper/tensor/indexing.h"
#include "taper/tensor/tensor.h"

// Every public operation, with its formula and shapes. Unless said otherwise an operation is
// differentiable to any order, broadcasts its tensor operands by PyTorch's rules, promotes their
// dtypes, and throws taper::Error naming the shapes or dtypes that it cannot take. The names are
// those of torch::; a method of the same name does the same.
namespace taper {

// --- Elementwise, one operand: y has x's shape. Integers become the default dtype where y is a
// real number. ---
Tensor neg(const Tensor& x);         // -x
Tensor abs(const Tensor& x);         // |x|, derivative 0 at 0
Tensor sign(const Tensor& x);        // -1, 0, 1
Tensor square(const Tensor& x);      // x^2
Tensor reciprocal(const Tensor& x);  // 1 / x
Tensor sqrt(const Tensor& x);
Tensor rsqrt(const Tensor& x);  // 1 / sqrt(x)
Tensor exp(const Tensor& x);
Tensor expm1(const Tensor& x);  // exp(x) - 1
Tensor log(const Tensor& x);
Tensor log1p(const Tensor& x);  // log(1 + x)
Tensor sin(const Tensor& x);
Tensor cos(const Tensor& x);
Tensor tanh(const Tensor& x);
Tensor sigmoid(const Tensor& x);  // 1 / (1 + exp(-x))
Tensor relu(const Tensor& x);     // max(x, 0), derivative 0 at 0
Tensor leaky_relu(const Tensor& x, const Scalar& negative_slope = 0.01);  // x > 0 ? x : x * slope
Tensor erf(const Tensor& x);  // 2 / sqrt(pi) * integral_0^x exp(-t^2) dt
Tensor floor(const Tensor& x);
Tensor ceil(const Tensor& x);
Tensor round(const Tensor& x);  // half to even
// min(max(x, min), max); the gradient passes at the bounds.
Tensor clamp(const Tensor& x, const std::optional<Scalar>& min,
             const std::optional<Scalar>& max = std::nullopt);
Tensor clamp_min(const Tensor& x, const Scalar& min);
Tensor clamp_max(const Tensor& x, const Scalar& max);

// --- Elementwise, two operands: the result has the broadcast shape and the promoted dtype ---
Tensor add(const Tensor& a, const Tensor& b, const Scalar& alpha = 1);  // a + alpha * b
Tensor add(const Tensor& a, const Scalar& b, const Scalar& alpha = 1);
Tensor sub(const Tensor& a, const Tensor& b, const Scalar& alpha = 1);  // a - alpha * b
Tensor sub(const Tensor& a, const Scalar& b, const Scalar& alpha = 1);
Tensor rsub(const Tensor& a, const Scalar& b, const Scalar& alpha = 1);  // b - alpha * a
Tensor mul(const Tensor& a, const Tensor& b);
Tensor mul(const Tensor& a, const Scalar& b);
Tensor div(const Tensor& a, const Tensor& b);  // true division: integers become the default dtype
Tensor div(const Tensor& a, const Scalar& b);
// rounding_mode "trunc" or "floor", keeping integers; integer division by zero throws
// "ZeroDivisionError".
Tensor div(const Tensor& a, const Tensor& b, const std::optional<std::string>& rounding_mode);
Tensor div(const Tensor& a, const Scalar& b, const std::optional<std::string>& rounding_mode);
Tensor floor_divide(const Tensor& a, const Tensor& b);
Tensor floor_divide(const Tensor& a, const Scalar& b);
Tensor remainder(const Tensor& a, const Tensor& b);  // a - b * floor(a / b)
Tensor remainder(const Tensor& a, const Scalar& b);
Tensor fmod(const Tensor& a, const Tensor& b);  // a - b * trunc(a / b)
Tensor fmod(const Tensor& a, const Scalar& b);
Tensor pow(const Tensor& a, const Tensor& exponent);
Tensor pow(const Tensor& a, const Scalar& exponent);
Tensor pow(const Scalar& a, const Tensor& exponent);
Tensor atan2(const Tensor& y, const Tensor& x);    // the angle of (x, y)
Tensor maximum(const Tensor& a, const Tensor& b);  // NaN wins; a tie splits the gradient
Tensor minimum(const Tensor& a, const Tensor& b);
Tensor max(const Tensor& a, const Tensor& b);  // maximum
Tensor min(const Tensor& a, const Tensor& b);  // minimum
Tensor lerp(const Tensor& start, const Tensor& end,
            const Scalar& weight);  // start + weight * (end - start)
Tensor lerp(const Tensor& start, const Tensor& end, const Tensor& weight);
Tensor addcmul(const Tensor& x, const Tensor& a, const Tensor& b,
               const Scalar& value = 1);  // x + value * a * b
Tensor addcdiv(const Tensor& x, const Tensor& a, const Tensor& b,
               const Scalar& value = 1);  // x + value * a / b

// --- Comparisons and logic: bool results, not differentiable ---
Tensor eq(const Tensor& a, const Tensor& b);
Tensor eq(const Tensor& a, const Scalar& b);
Tensor ne(const Tensor& a, const Tensor& b);
Tensor ne(const Tensor& a, const Scalar& b);
Tensor lt(const Tensor& a, const Tensor& b);
Tensor lt(const Tensor& a, const Scalar& b);
Tensor le(const Tensor& a, const Tensor& b);
Tensor le(const Tensor& a, const Scalar& b);
Tensor gt(const Tensor& a, const Tensor& b);
Tensor gt(const Tensor& a, const Scalar& b);
Tensor ge(const Tensor& a, const Tensor& b);
Tensor ge(const Tensor& a, const Scalar& b);
Tensor logical_and(const Tensor& a, const Tensor& b);
Tensor logical_or(const Tensor& a, const Tensor& b);
Tensor logical_xor(const Tensor& a, const Tensor& b);
Tensor logical_not(const Tensor& x);
Tensor bitwise_and(const Tensor& a, const Tensor& b);  // integers and bools keep their dtype
Tensor bitwise_or(const Tensor& a, const Tensor& b);
Tensor bitwise_xor(const Tensor& a, const Tensor& b);
Tensor bitwise_not(const Tensor& x);
Tensor isnan(const Tensor& x);
Tensor isinf(const Tensor& x);
Tensor isfinite(const Tensor& x);
// |a - b| <= atol + rtol * |b|
Tensor isclose(const Tensor& a, const Tensor& b, double rtol = 1e-5, double atol = 1e-8,
               bool equal_nan = false);
bool allclose(const Tensor& a, const Tensor& b, double rtol = 1e-5, double atol = 1e-8,
              bool equal_nan = false);
bool equal(const Tensor& a, const Tensor& b);  // same shape, same elements

// --- Choosing ---
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b);  // condition ? a : b
Tensor where(const Tensor& condition, const Tensor& a, const Scalar& b);
Tensor where(const Tensor& condition, const Scalar& a, const Tensor& b);
Tensor where(const Tensor& condition, const Scalar& a, const Scalar& b);
Tensor masked_fill(const Tensor& x, const Tensor& mask, const Scalar& value);
Tensor masked_fill(const Tensor& x, const Tensor& mask, const Tensor& value);  // value is 0-dim
Tensor masked_select(const Tensor& x, const Tensor& mask);                     // 1-D
// y[i][j] = x[index[i][j]][j] for dim 0; y has index's shape.
Tensor gather(const Tensor& x, int64_t dim, const Tensor& index);
// x with x[index[i][j]][j] += source[i][j] for dim 0.
Tensor scatter_add(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source);
Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source);
Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value);
Tensor index_select(const Tensor& x, int64_t dim, const Tensor& index);  // index is 1-D
Tensor index_add(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source);
Tensor one_hot(const Tensor& x,
               int64_t num_classes = -1);  // int64, one dimension more; not differentiable
// weight [V, D], indices [...] of int64 or int32 -> [..., D]. Rows equal to padding_idx get no
// gradient.
Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx = -1);
Tensor flip(const Tensor& x, IntArrayRef dims);
Tensor tril(const Tensor& x,
            int64_t diagonal = 0);  // zero above the diagonal of the last two dimensions
Tensor triu(const Tensor& x, int64_t diagonal = 0);
Tensor nonzero(const Tensor& x);  // [count, x.dim()] of int64; not differentiable

// --- Shapes ---
Tensor cat(TensorList tensors, int64_t dim = 0);
Tensor stack(TensorList tensors, int64_t dim = 0);
Tensor reshape(const Tensor& x, IntArrayRef sizes);
Tensor transpose(const Tensor& x, int64_t dim0, int64_t dim1);
Tensor t(const Tensor& x);
Tensor permute(const Tensor& x, IntArrayRef dims);
Tensor squeeze(const Tensor& x);
Tensor squeeze(const Tensor& x, int64_t dim);
Tensor unsqueeze(const Tensor& x, int64_t dim);
Tensor flatten(const Tensor& x, int64_t start_dim = 0, int64_t end_dim = -1);
Tensor narrow(const Tensor& x, int64_t dim, int64_t start, int64_t length);
Tensor slice(const Tensor& x, int64_t dim = 0, std::optional<int64_t> start = std::nullopt,
             std::optional<int64_t> end = std::nullopt, int64_t step = 1);
Tensor select(const Tensor& x, int64_t dim, int64_t index);
std::vector<Tensor> chunk(const Tensor& x, int64_t chunks, int64_t dim = 0);
std::vector<Tensor> split(const Tensor& x, int64_t split_size, int64_t dim = 0);
std::vector<Tensor> split(const Tensor& x, IntArrayRef split_sizes, int64_t dim = 0);
std::vector<Tensor> unbind(const Tensor& x, int64_t dim = 0);
Tensor broadcast_to(const Tensor& x, IntArrayRef sizes);
// A view with the given geometry in x's storage; the geometry must stay within it.
Tensor as_strided(const Tensor& x, IntArrayRef sizes, IntArrayRef strides,
                  std::optional<int64_t> offset = std::nullopt);
Tensor diagonal(const Tensor& x, int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1);
Tensor clone(const Tensor& x);

// --- Reductions. `dim`: which dimensions go; none given means all. keepdim leaves them with
// size 1. --- Integers and bools add up in int64.
Tensor sum(const Tensor& x, std::optional<ScalarType> dtype = std::nullopt);
Tensor sum(const Tensor& x, OptionalIntArrayRef dim, bool keepdim = false,
           std::optional<ScalarType> dtype = std::nullopt);
Tensor mean(const Tensor& x, std::optional<ScalarType> dtype = std::nullopt);
Tensor mean(const Tensor& x, OptionalIntArrayRef dim, bool keepdim = false,
            std::optional<ScalarType> dtype = std::nullopt);
Tensor prod(const Tensor& x, std::optional<ScalarType> dtype = std::nullopt);
Tensor prod(const Tensor& x, int64_t dim, bool keepdim = false,
            std::optional<ScalarType> dtype = std::nullopt);
Tensor max(const Tensor& x);  // ties share the gradient
Tensor min(const Tensor& x);
// (values, int64 indices of the first such element); the gradient goes to that element.
std::tuple<Tensor, Tensor> max(const Tensor& x, int64_t dim, bool keepdim = false);
std::tuple<Tensor, Tensor> min(const Tensor& x, int64_t dim, bool keepdim = false);
Tensor amax(const Tensor& x, IntArrayRef dim = {},
            bool keepdim = false);  // ties share the gradient
Tensor amin(const Tensor& x, IntArrayRef dim = {}, bool keepdim = false);
Tensor argmax(const Tensor& x, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
Tensor argmin(const Tensor& x, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
// sum((x - mean)^2) / (n - 1), or / n if not unbiased.
Tensor var(const Tensor& x, bool unbiased = true);
Tensor var(const Tensor& x, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
Tensor std(const Tensor& x, bool unbiased = true);
Tensor std(const Tensor& x, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
// (sum |x|^p)^(1/p); p = inf, -inf and 0 as usual.
Tensor norm(const Tensor& x, const Scalar& p = 2);
Tensor norm(const Tensor& x, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim = false);
Tensor logsumexp(const Tensor& x, IntArrayRef dim,
                 bool keepdim = false);  // log(sum(exp(x))), without overflow
Tensor all(const Tensor& x);
Tensor all(const Tensor& x, int64_t dim, bool keepdim = false);
Tensor any(const Tensor& x);
Tensor any(const Tensor& x, int64_t dim, bool keepdim = false);
Tensor cumsum(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
Tensor softmax(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
Tensor log_softmax(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
// (values, int64 indices), stable, NaN last in ascending order.
std::tuple<Tensor, Tensor> sort(const Tensor& x, int64_t dim = -1, bool descending = false);
std::tuple<Tensor, Tensor> topk(const Tensor& x, int64_t k, int64_t dim = -1, bool largest = true,
                                bool sorted = true);
Tensor argsort(const Tensor& x, int64_t dim = -1, bool descending = false);

// --- Linear algebra ---
Tensor mm(const Tensor& a, const Tensor& b);     // [M, K] x [K, N] -> [M, N]
Tensor bmm(const Tensor& a, const Tensor& b);    // [B, M, K] x [B, K, N] -> [B, M, N]
Tensor mv(const Tensor& a, const Tensor& b);     // [M, K] x [K] -> [M]
Tensor dot(const Tensor& a, const Tensor& b);    // [K] x [K] -> []
Tensor outer(const Tensor& a, const Tensor& b);  // [M] x [N] -> [M, N]
// beta * x + alpha * a b; a [M, K], b [K, N], x broadcastable to [M, N].
Tensor addmm(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta = 1,
             const Scalar& alpha = 1);
// By the number of dimensions: dot, mv, mm, or a batched product with broadcast batch dimensions; a
// 1-D operand is a row on the left, a column on the right.
Tensor matmul(const Tensor& a, const Tensor& b);
// x [..., in], weight [out, in], bias [out] or undefined -> x weight^T + bias [..., out].
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias = {});

// --- Operators ---
#define TAPER_BINARY_OPERATOR(op, function)                                              \
  inline Tensor operator op(const Tensor& a, const Tensor& b) { return function(a, b); } \
  inline Tensor operator op(const Tensor& a, const Scalar& b) { return function(a, b); }
TAPER_BINARY_OPERATOR(+, add)
TAPER_BINARY_OPERATOR(-, sub)
TAPER_BINARY_OPERATOR(*, mul)
TAPER_BINARY_OPERATOR(/, div)
TAPER_BINARY_OPERATOR(%, remainder)
TAPER_BINARY_OPERATOR(==, eq)
TAPER_BINARY_OPERATOR(!=, ne)
TAPER_BINARY_OPERATOR(<, lt)
TAPER_BINARY_OPERATOR(<=, le)
TAPER_BINARY_OPERATOR(>, gt)
TAPER_BINARY_OPERATOR(>=, ge)
#undef TAPER_BINARY_OPERATOR
inline Tensor operator+(const Scalar& a, const Tensor& b) { return add(b, a); }
inline Tensor operator-(const Scalar& a, const Tensor& b) { return rsub(b, a); }
inline Tensor operator*(const Scalar& a, const Tensor& b) { return mul(b, a); }
inline Tensor operator/(const Scalar& a, const Tensor& b) { return mul(reciprocal(b), a); }
inline Tensor operator==(const Scalar& a, const Tensor& b) { return eq(b, a); }
inline Tensor operator!=(const Scalar& a, const Tensor& b) { return ne(b, a); }
inline Tensor operator<(const Scalar& a, const Tensor& b) { return gt(b, a); }
inline Tensor operator<=(const Scalar& a, const Tensor& b) { return ge(b, a); }
inline Tensor operator>(const Scalar& a, const Tensor& b) { return lt(b, a); }
inline Tensor operator>=(const Scalar& a, const Tensor& b) { return le(b, a); }
inline Tensor operator&(const Tensor& a, const Tensor& b) { return bitwise_and(a, b); }
inline Tensor operator|(const Tensor& a, const Tensor& b) { return bitwise_or(a, b); }
inline Tensor operator^(const Tensor& a, const Tensor& b) { return bitwise_xor(a, b); }
inline Tensor operator!(const Tensor& x) { return logical_not(x); }

}  // namespace taper
