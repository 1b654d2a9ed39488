// beta * x + alpha * a product, new or in place.

#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/promotion.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/linalg.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::Backward;
using autograd::record;
using autograd::record_inplace;
using autograd::Save;
using autograd::SavedTensor;

namespace {

Tensor times(const Tensor& g, const Scalar& factor) { return factor.equal(1) ? g : mul(g, factor); }

// Hands self, in place, a result that must have its dtype and shape.
template <class Saver>
Tensor& write_into(const char* name, const Tensor& self, const Tensor& a, const Tensor& b,
                   const Tensor& y, Saver&& saver) {
  TAPER_CHECK(y.scalar_type() == self.scalar_type(), "Bad in-place call: input tensor dtype ",
              self.dtype(), " and output tensor dtype ", y.dtype(), " should match");
  TAPER_CHECK(y.sizes() == self.sizes(), "Bad in-place call: input tensor size ", self.sizes(),
              " and output tensor size ", y.sizes(), " should match");
  return record_inplace(
      name, self, {self, a, b}, [&] { raw::copy(self, y); }, saver);
}

// `products(ctx, g, a, b)` gives the gradients of a and b. The factor goes to the gradient before a
// product is made: it is the smaller operand.
template <class Products>
auto saver(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha,
           Products products) {
  return [&a, &b, beta, alpha, products](Save& s) {
    return [a = s.input(a, 2), b = s.input(b, 1), beta, alpha, products](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.needs(0)) ctx.grad(0, times(g, beta));
      products(ctx, times(g, alpha), a, b);
    };
  };
}

auto addmm_saver(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) {
  return saver(a, b, beta, alpha,
               [](Backward& ctx, const Tensor& g, const SavedTensor& a, const SavedTensor& b) {
                 if (ctx.needs(1)) ctx.grad_product(1, g, t(b()));
                 if (ctx.needs(2)) ctx.grad_product(2, t(a()), g);
               });
}

auto addmv_saver(const Tensor& mat, const Tensor& vec, const Scalar& beta, const Scalar& alpha) {
  return saver(mat, vec, beta, alpha,
               [](Backward& ctx, const Tensor& g, const SavedTensor& mat, const SavedTensor& vec) {
                 if (ctx.needs(1)) ctx.grad_product(1, unsqueeze(g, 1), unsqueeze(vec(), 0));
                 if (ctx.needs(2)) ctx.grad(2, mv(t(mat()), g));
               });
}

void batch_products(Backward& ctx, const Tensor& g, const SavedTensor& a, const SavedTensor& b) {
  if (ctx.needs(1)) ctx.grad(1, bmm(g, transpose(b(), 1, 2)));
  if (ctx.needs(2)) ctx.grad(2, bmm(transpose(a(), 1, 2), g));
}

auto baddbmm_saver(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) {
  return saver(a, b, beta, alpha, batch_products);
}

// The gradient is the same for every matrix of the batch, which the result has lost.
auto addbmm_saver(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) {
  return saver(a, b, beta, alpha,
               [batch = a.size(0)](Backward& ctx, const Tensor& g, const SavedTensor& a,
                                   const SavedTensor& b) {
                 batch_products(ctx, g.expand({batch, g.size(0), g.size(1)}), a, b);
               });
}

// The sum over the batch is one product of [M, B K] and [B K, N].
Tensor addbmm_raw(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta,
                  const Scalar& alpha) {
  const DimVector sizes = {a.size(1), b.size(2)};
  if (!is_expandable_to(x.sizes(), sizes)) raw::expand(x, sizes);  // throws
  TAPER_CHECK(a.dim() == 3 && b.dim() == 3, a.dim() == 3 ? "batch2" : "batch1",
              " must be a 3D tensor, but got shapes ", a.sizes(), " and ", b.sizes());
  TAPER_CHECK(a.size(0) == b.size(0), "batch1 and batch2 must have same number of batches, got ",
              a.size(0), " and ", b.size(0));
  TAPER_CHECK(a.size(2) == b.size(1), "Incompatible matrix sizes for bmm (", a.size(1), "x",
              a.size(2), " and ", b.size(1), "x", b.size(2), ")");
  const int64_t inner = a.size(0) * a.size(2);
  return raw::addmm(x, raw::reshape(raw::transpose(a, 0, 1), {a.size(1), inner}),
                    raw::reshape(b, {inner, b.size(2)}), beta, alpha);
}

}  // namespace

// --- The function, the method, the method in place ---

#define TAPER_ADD_PRODUCT(name, value, node)                                                      \
  Tensor name(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta,              \
              const Scalar& alpha) {                                                              \
    return record(node, value(x, a, b, beta, alpha), {x, a, b}, name##_saver(a, b, beta, alpha)); \
  }                                                                                               \
  Tensor Tensor::name(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha)  \
      const {                                                                                     \
    return taper::name(*this, a, b, beta, alpha);                                                 \
  }                                                                                               \
  Tensor& Tensor::name##_(const Tensor& a, const Tensor& b, const Scalar& beta,                   \
                          const Scalar& alpha) const {                                            \
    return write_into(node, *this, a, b, value(*this, a, b, beta, alpha),                         \
                      name##_saver(a, b, beta, alpha));                                           \
  }
TAPER_ADD_PRODUCT(addmm, raw::addmm, "AddmmBackward0")
TAPER_ADD_PRODUCT(addmv, raw::addmv, "AddmvBackward0")
TAPER_ADD_PRODUCT(baddbmm, raw::baddbmm, "BaddbmmBackward0")
TAPER_ADD_PRODUCT(addbmm, addbmm_raw, "AddbmmBackward0")
#undef TAPER_ADD_PRODUCT

Tensor& addmv_(Tensor& x, const Tensor& mat, const Tensor& vec, const Scalar& beta,
               const Scalar& alpha) {
  return x.addmv_(mat, vec, beta, alpha);
}

// --- The outer product, which promotes its operands' dtypes ---

namespace {

auto addr_saver(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) {
  return saver(a, b, beta, alpha,
               [](Backward& ctx, const Tensor& g, const SavedTensor& a, const SavedTensor& b) {
                 if (ctx.needs(1)) ctx.grad(1, mv(g, b().to(g.scalar_type())));
                 if (ctx.needs(2)) ctx.grad(2, mv(t(g), a().to(g.scalar_type())));
               });
}

// A factor as the dtype sees it; to bools any number but 0 is true.
Scalar factor_for(ScalarType dtype, const Scalar& factor, const char* name) {
  TAPER_CHECK(is_floating_point(dtype) || !factor.isFloatingPoint(),
              "For integral input tensors, argument ", name,
              " must not be a floating point number.");
  return dtype == kBool ? Scalar(factor.toBool()) : factor;
}

Tensor addr_value(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta,
                  const Scalar& alpha) {
  TAPER_CHECK(a.dim() == 1, "addr: Expected 1-D argument vec1, but got ", a.dim(), "-D");
  TAPER_CHECK(b.dim() == 1, "addr: Expected 1-D argument vec2, but got ", b.dim(), "-D");
  NoGradGuard no_grad;
  const DimVector sizes = {a.size(0), b.size(0)};
  const Tensor start = raw::expand(x, sizes);
  const ScalarType dtype =
      promote_types(x.scalar_type(), promote_types(a.scalar_type(), b.scalar_type()));
  const Scalar start_factor = factor_for(dtype, beta, "beta");
  const Scalar factor = factor_for(dtype, alpha, "alpha");
  const Tensor product = outer(times(a.to(dtype), factor), b.to(dtype));
  // With a beta of 0, NaN in x does not count.
  return start_factor.equal(0) ? product : add(times(start.to(dtype), start_factor), product);
}

}  // namespace

Tensor addr(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta,
            const Scalar& alpha) {
  return record("AddrBackward0", addr_value(x, a, b, beta, alpha), {x, a, b},
                addr_saver(a, b, beta, alpha));
}
Tensor& Tensor::addr_(const Tensor& vec1, const Tensor& vec2, const Scalar& beta,
                      const Scalar& alpha) const {
  TAPER_CHECK(dim() == 2, "2D tensor expected, got ", dim(), "D tensor for input");
  return write_into("AddrBackward0", *this, vec1, vec2, addr_value(*this, vec1, vec2, beta, alpha),
                    addr_saver(vec1, vec2, beta, alpha));
}

Tensor Tensor::addr(const Tensor& vec1, const Tensor& vec2, const Scalar& beta,
                    const Scalar& alpha) const {
  return taper::addr(*this, vec1, vec2, beta, alpha);
}

}  // namespace taper
