// Comparisons, logic, and choosing by them. All results but where's are bool and not
// differentiable.

#include <limits>

#include "taper/autograd/elementwise.h"
#include "taper/tensor/promotion.h"

namespace taper {

using raw::wrapped_number;

namespace {

// Truth values as 0 and 1 in self's own dtype.
void write_truth(const char* name, const Tensor& self, const Tensor& truth) {
  raw::check_output_shape(self, truth.sizes(), name);
  raw::copy(self, truth);
}

Tensor& compare_(const char* node, kernels::Comparison op, const Tensor& self, const Tensor& b) {
  auto write = [&] { write_truth(node, self, raw::compare(op, self, b)); };
  return autograd::record_inplace(node, self, {self, b}, write, [](autograd::Save&) {
    return [](autograd::Backward& ctx) {
      for (size_t i : {size_t{0}, size_t{1}}) {
        if (ctx.needs(i)) ctx.grad(i, zeros_like(ctx.out_grad()));
      }
    };
  });
}

// Logic in place is no operation of the tape in PyTorch: self keeps the history that it has.
Tensor& logical_(const char* name, kernels::Logical op, const Tensor& self, const Tensor& b) {
  autograd::internal::check_may_change(self);
  raw::check_own_memory(self);
  write_truth(name, self, raw::logical(op, self, b));
  self.unsafeGetTensorImpl()->version().bump();
  return const_cast<Tensor&>(self);
}

}  // namespace

#define TAPER_COMPARISON(name, Op)                                                            \
  Tensor name(const Tensor& a, const Tensor& b) {                                             \
    return raw::compare(kernels::Comparison::Op, a, b);                                       \
  }                                                                                           \
  Tensor name(const Tensor& a, const Scalar& b) { return taper::name(a, wrapped_number(b)); } \
  Tensor Tensor::name(const Tensor& other) const { return taper::name(*this, other); }        \
  Tensor Tensor::name(const Scalar& other) const { return taper::name(*this, other); }        \
  Tensor& Tensor::name##_(const Tensor& other) const {                                        \
    return compare_(#Op "Backward1", kernels::Comparison::Op, *this, other);                  \
  }                                                                                           \
  Tensor& Tensor::name##_(const Scalar& other) const {                                        \
    return compare_(#Op "Backward0", kernels::Comparison::Op, *this, wrapped_number(other));  \
  }
TAPER_COMPARISON(eq, Eq)
TAPER_COMPARISON(ne, Ne)
TAPER_COMPARISON(lt, Lt)
TAPER_COMPARISON(le, Le)
TAPER_COMPARISON(gt, Gt)
TAPER_COMPARISON(ge, Ge)
#undef TAPER_COMPARISON

#define TAPER_LOGICAL(name, Op)                                                        \
  Tensor name(const Tensor& a, const Tensor& b) {                                      \
    return raw::logical(kernels::Logical::Op, a, b);                                   \
  }                                                                                    \
  Tensor Tensor::name(const Tensor& other) const { return taper::name(*this, other); } \
  Tensor& Tensor::name##_(const Tensor& other) const {                                 \
    return logical_(#name "_", kernels::Logical::Op, *this, other);                    \
  }
TAPER_LOGICAL(logical_and, And)
TAPER_LOGICAL(logical_or, Or)
TAPER_LOGICAL(logical_xor, Xor)
#undef TAPER_LOGICAL

Tensor logical_not(const Tensor& x) { return raw::logical(kernels::Logical::Not, x, x); }
Tensor Tensor::logical_not() const { return taper::logical_not(*this); }
Tensor& Tensor::logical_not_() const {
  return logical_("logical_not_", kernels::Logical::Not, *this, *this);
}

Tensor isnan(const Tensor& x) { return ne(x, x); }
Tensor isinf(const Tensor& x) {
  if (!x.is_floating_point()) return zeros_like(x, kBool);
  return eq(x.detach().abs(), std::numeric_limits<double>::infinity());
}
Tensor isfinite(const Tensor& x) {
  if (!x.is_floating_point()) return ones_like(x, kBool);
  Tensor y = x.detach();
  return logical_and(eq(y, y), ne(y.abs(), std::numeric_limits<double>::infinity()));
}
Tensor isposinf(const Tensor& x) {
  if (!x.is_floating_point()) return zeros_like(x, kBool);
  return eq(x, std::numeric_limits<double>::infinity());
}
Tensor isneginf(const Tensor& x) {
  if (!x.is_floating_point()) return zeros_like(x, kBool);
  return eq(x, -std::numeric_limits<double>::infinity());
}
Tensor isreal(const Tensor& x) { return ones_like(x, kBool); }
Tensor signbit(const Tensor& x) {
  if (!x.is_floating_point()) return lt(x, 0);
  // The sign alone: of zeros and NaN too.
  return lt(copysign(ones_like(x), x.detach()), 0);
}
Tensor Tensor::isposinf() const { return taper::isposinf(*this); }
Tensor Tensor::isneginf() const { return taper::isneginf(*this); }
Tensor Tensor::isreal() const { return taper::isreal(*this); }
Tensor Tensor::signbit() const { return taper::signbit(*this); }
Tensor Tensor::isnan() const { return taper::isnan(*this); }
Tensor Tensor::isinf() const { return taper::isinf(*this); }
Tensor Tensor::isfinite() const { return taper::isfinite(*this); }

Tensor isclose(const Tensor& a, const Tensor& b, double rtol, double atol, bool equal_nan) {
  TAPER_CHECK(a.scalar_type() == b.scalar_type(), a.scalar_type(), " did not match ",
              b.scalar_type(), " (isclose compares tensors of one dtype)");
  TAPER_CHECK(rtol >= 0, "rtol must be greater than or equal to zero, but got ", rtol);
  TAPER_CHECK(atol >= 0, "atol must be greater than or equal to zero, but got ", atol);
  NoGradGuard no_grad;
  // Equality first: infinities of one sign are close, and their difference would be NaN.
  Tensor close = a == b;
  if (equal_nan && a.is_floating_point()) close |= logical_and(isnan(a), isnan(b));
  if (rtol == 0 && atol == 0) return close;
  Tensor x = a.is_floating_point() ? a : a.to(get_default_dtype());
  Tensor y = b.is_floating_point() ? b : b.to(get_default_dtype());
  Tensor difference = (x - y).abs();
  close |= logical_and(isfinite(difference), difference <= y.abs() * rtol + atol);
  return close;
}
bool allclose(const Tensor& a, const Tensor& b, double rtol, double atol, bool equal_nan) {
  return all(isclose(a, b, rtol, atol, equal_nan)).item<bool>();
}
bool equal(const Tensor& a, const Tensor& b) { return raw::equal(a, b); }
Tensor Tensor::isclose(const Tensor& other, double rtol, double atol, bool equal_nan) const {
  return taper::isclose(*this, other, rtol, atol, equal_nan);
}
bool Tensor::allclose(const Tensor& other, double rtol, double atol, bool equal_nan) const {
  return taper::allclose(*this, other, rtol, atol, equal_nan);
}

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  return autograd::record("WhereBackward0", raw::where(condition, a, b), {a, b},
                          [&](autograd::Save& s) {
                            return [condition = s.input(condition)](autograd::Backward& ctx) {
                              const Tensor& g = ctx.out_grad();
                              if (ctx.needs(0)) ctx.grad(0, where(condition(), g, 0.0));
                              if (ctx.needs(1)) ctx.grad(1, where(condition(), 0.0, g));
                            };
                          });
}
Tensor where(const Tensor& condition, const Tensor& a, const Scalar& b) {
  autograd::param(b, result_type(a, b));  // throws where it does not fit
  return where(condition, a, wrapped_number(b));
}
Tensor where(const Tensor& condition, const Scalar& a, const Tensor& b) {
  autograd::param(a, result_type(b, a));
  return where(condition, wrapped_number(a), b);
}
Tensor where(const Tensor& condition, const Scalar& a, const Scalar& b) {
  return where(condition, wrapped_number(a), wrapped_number(b));
}
Tensor Tensor::where(const Tensor& condition, const Tensor& other) const {
  return taper::where(condition, *this, other);
}

}  // namespace taper
