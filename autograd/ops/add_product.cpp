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

// Where the factor goes to the gradient before a product is made, it goes to the smaller operand.
auto addmm_saver(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) {
  return [&a, &b, beta, alpha](Save& s) {
    return [a = s.input(a, 2), b = s.input(b, 1), beta, alpha](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.needs(0)) ctx.grad(0, times(g, beta));
      const Tensor scaled = times(g, alpha);
      if (ctx.needs(1)) ctx.grad_product(1, scaled, t(b()));
      if (ctx.needs(2)) ctx.grad_product(2, t(a()), scaled);
    };
  };
}

auto addmv_saver(const Tensor& mat, const Tensor& vec, const Scalar& beta, const Scalar& alpha) {
  return [&mat, &vec, beta, alpha](Save& s) {
    return [mat = s.input(mat, 2), vec = s.input(vec, 1), beta, alpha](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.needs(0)) ctx.grad(0, times(g, beta));
      const Tensor scaled = times(g, alpha);
      if (ctx.needs(1)) ctx.grad_product(1, unsqueeze(scaled, 1), unsqueeze(vec(), 0));
      if (ctx.needs(2)) ctx.grad(2, mv(t(mat()), scaled));
    };
  };
}

// `spread` gives a gradient the batch dimension that the result lacks.
template <class Spread>
auto batch_saver(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha,
                 Spread spread) {
  return [&a, &b, beta, alpha, spread](Save& s) {
    return [a = s.input(a, 2), b = s.input(b, 1), beta, alpha, spread](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.needs(0)) ctx.grad(0, times(g, beta));
      const Tensor scaled = spread(times(g, alpha));
      if (ctx.needs(1)) ctx.grad(1, bmm(scaled, transpose(b(), 1, 2)));
      if (ctx.needs(2)) ctx.grad(2, bmm(transpose(a(), 1, 2), scaled));
    };
  };
}

auto baddbmm_saver(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) {
  return batch_saver(a, b, beta, alpha, [](const Tensor& g) { return g; });
}

auto addbmm_saver(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) {
  return batch_saver(a, b, beta, alpha, [batch = a.size(0)](const Tensor& g) {
    return g.expand({batch, g.size(0), g.size(1)});
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

Tensor addmm(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta,
             const Scalar& alpha) {
  return record("AddmmBackward0", raw::addmm(x, a, b, beta, alpha), {x, a, b},
                addmm_saver(a, b, beta, alpha));
}
Tensor& Tensor::addmm_(const Tensor& mat1, const Tensor& mat2, const Scalar& beta,
                       const Scalar& alpha) const {
  return write_into("AddmmBackward0", *this, mat1, mat2, raw::addmm(*this, mat1, mat2, beta, alpha),
                    addmm_saver(mat1, mat2, beta, alpha));
}

Tensor addmv(const Tensor& x, const Tensor& mat, const Tensor& vec, const Scalar& beta,
             const Scalar& alpha) {
  return record("AddmvBackward0", raw::addmv(x, mat, vec, beta, alpha), {x, mat, vec},
                addmv_saver(mat, vec, beta, alpha));
}
Tensor& addmv_(Tensor& x, const Tensor& mat, const Tensor& vec, const Scalar& beta,
               const Scalar& alpha) {
  return x.addmv_(mat, vec, beta, alpha);
}
Tensor& Tensor::addmv_(const Tensor& mat, const Tensor& vec, const Scalar& beta,
                       const Scalar& alpha) const {
  return write_into("AddmvBackward0", *this, mat, vec, raw::addmv(*this, mat, vec, beta, alpha),
                    addmv_saver(mat, vec, beta, alpha));
}

Tensor baddbmm(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta,
               const Scalar& alpha) {
  return record("BaddbmmBackward0", raw::baddbmm(x, a, b, beta, alpha), {x, a, b},
                baddbmm_saver(a, b, beta, alpha));
}
Tensor& Tensor::baddbmm_(const Tensor& batch1, const Tensor& batch2, const Scalar& beta,
                         const Scalar& alpha) const {
  return write_into("BaddbmmBackward0", *this, batch1, batch2,
                    raw::baddbmm(*this, batch1, batch2, beta, alpha),
                    baddbmm_saver(batch1, batch2, beta, alpha));
}

Tensor addbmm(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& beta,
              const Scalar& alpha) {
  return record("AddbmmBackward0", addbmm_raw(x, a, b, beta, alpha), {x, a, b},
                addbmm_saver(a, b, beta, alpha));
}
Tensor& Tensor::addbmm_(const Tensor& batch1, const Tensor& batch2, const Scalar& beta,
                        const Scalar& alpha) const {
  return write_into("AddbmmBackward0", *this, batch1, batch2,
                    addbmm_raw(*this, batch1, batch2, beta, alpha),
                    addbmm_saver(batch1, batch2, beta, alpha));
}

// --- The outer product, which promotes its operands' dtypes ---

namespace {

auto addr_saver(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) {
  return [&a, &b, beta, alpha](Save& s) {
    return [a = s.input(a, 2), b = s.input(b, 1), beta, alpha](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.needs(0)) ctx.grad(0, times(g, beta));
      const Tensor scaled = times(g, alpha);
      if (ctx.needs(1)) ctx.grad(1, mv(scaled, b().to(g.scalar_type())));
      if (ctx.needs(2)) ctx.grad(2, mv(t(scaled), a().to(g.scalar_type())));
    };
  };
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

Tensor Tensor::addmm(const Tensor& mat1, const Tensor& mat2, const Scalar& beta,
                     const Scalar& alpha) const {
  return taper::addmm(*this, mat1, mat2, beta, alpha);
}
Tensor Tensor::addmv(const Tensor& mat, const Tensor& vec, const Scalar& beta,
                     const Scalar& alpha) const {
  return taper::addmv(*this, mat, vec, beta, alpha);
}
Tensor Tensor::baddbmm(const Tensor& batch1, const Tensor& batch2, const Scalar& beta,
                       const Scalar& alpha) const {
  return taper::baddbmm(*this, batch1, batch2, beta, alpha);
}
Tensor Tensor::addbmm(const Tensor& batch1, const Tensor& batch2, const Scalar& beta,
                      const Scalar& alpha) const {
  return taper::addbmm(*this, batch1, batch2, beta, alpha);
}
Tensor Tensor::addr(const Tensor& vec1, const Tensor& vec2, const Scalar& beta,
                    const Scalar& alpha) const {
  return taper::addr(*this, vec1, vec2, beta, alpha);
}

}  // namespace taper
