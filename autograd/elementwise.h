#pragma once

#include "taper/autograd/ops.h"
#include "taper/autograd/record.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/kernels/formulas.h"
#include "taper/tensor/promotion.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/elementwise.h"

// Puts the formulas of kernels/formulas-inl.h on the tape. The same struct runs in the kernels,
// forward and backward, and its vjp over tensors when the gradient is itself to be differentiated.
namespace taper {

// What the formulas call besides the public operations, over tensors. In this namespace because
// they find it by their arguments.
inline Tensor div_floor(const Tensor& a, const Tensor& b) { return div(a, b, "floor"); }
inline Tensor div_trunc(const Tensor& a, const Tensor& b) { return div(a, b, "trunc"); }
inline Tensor select(const Tensor& mask, const Tensor& a, const Tensor& b) {
  return where(mask, a, b);
}
inline Tensor select(const Tensor& mask, double a, const Tensor& b) {
  return where(mask, Scalar(a), b);
}
inline Tensor select(const Tensor& mask, const Tensor& a, double b) {
  return where(mask, a, Scalar(b));
}

namespace autograd {

template <class F>
inline constexpr kernels::Domain kDomainOf = kernels::Domain::kFloats;
#define TAPER_DOMAIN(Name, domain) \
  template <>                      \
  inline constexpr kernels::Domain kDomainOf<formulas::Name> = kernels::Domain::domain;
TAPER_UNARY_FORMULAS(TAPER_DOMAIN)
TAPER_BINARY_FORMULAS(TAPER_DOMAIN)
TAPER_TERNARY_FORMULAS(TAPER_DOMAIN)
#undef TAPER_DOMAIN

// A number as a formula's parameter, exact for integers too.
inline kernels::Param param(const Scalar& s) {
  return s.isFloatingPoint() ? kernels::Param(s.toDouble()) : kernels::Param(s.toLong());
}

// The same for a formula that computes in `dtype`; throws what PyTorch does where the number does
// not fit that: "value cannot be converted to type uint8_t without overflow".
kernels::Param param(const Scalar& s, ScalarType dtype);

// --- One operand ---

template <class F>
auto unary_saver(const F& formula, const Tensor& x) {
  return [&formula, &x](Save& save) {
    SavedTensor kept;
    if constexpr (F::saves == kernels::Saves::kInput) kept = save.input(x);
    if constexpr (F::saves == kernels::Saves::kOutput) kept = save.output();
    return [formula, kept](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      ctx.grad(0, GradMode::is_enabled()
                      ? formula.vjp(g, kept())
                      : raw::unary_vjp(formulas::kFormulaOf<F>, kernels::make_params(formula), g,
                                       kept()));
    };
  };
}

template <class F>
Tensor unary(const char* name, const F& formula, const Tensor& x) {
  Tensor y = raw::unary(formulas::kFormulaOf<F>, kernels::make_params(formula), kDomainOf<F>, x);
  return record(name, std::move(y), {x}, unary_saver(formula, x));
}

// Writes f(self) into self.
template <class F>
void unary_write(const char* name, const F& formula, const Tensor& self) {
  TAPER_CHECK(self.is_floating_point() || kDomainOf<F> != kernels::Domain::kFloats, "result type ",
              get_default_dtype(), " can't be cast to the desired output type ", self.scalar_type(),
              " (", name, ")");
  raw::unary_into(formulas::kFormulaOf<F>, kernels::make_params(formula), kDomainOf<F>, self, self);
}

template <class F>
Tensor& unary_(const char* name, const F& formula, const Tensor& self) {
  auto write = [&] { unary_write(name, formula, self); };
  return record_inplace(name, self, {self}, write, unary_saver(formula, self));
}

// --- Two operands ---

template <int which, class F>
Tensor binary_gradient(const F& formula, const Tensor& g, const Tensor& a, const Tensor& b) {
  if (!GradMode::is_enabled()) {
    return raw::binary_vjp(formulas::kFormulaOf<F>, kernels::make_params(formula), which, g, a, b);
  }
  if constexpr (which == 0) {
    return formula.vjp_a(g, a, b);
  } else {
    return formula.vjp_b(g, a, b);
  }
}

template <class F>
auto binary_saver(const F& formula, const Tensor& a, const Tensor& b) {
  return [&formula, &a, &b](Save& save) {
    auto used = [&](unsigned operand) {
      return (save.needs(0) && (F::needs_a & operand) != 0) ||
             (save.needs(1) && (F::needs_b & operand) != 0);
    };
    SavedTensor kept_a = used(kernels::kNeedsA) ? save.input(a) : SavedTensor();
    SavedTensor kept_b = used(kernels::kNeedsB) ? save.input(b) : SavedTensor();
    return [formula, kept_a, kept_b](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.needs(0)) ctx.grad(0, binary_gradient<0>(formula, g, kept_a(), kept_b()));
      if (ctx.needs(1)) ctx.grad(1, binary_gradient<1>(formula, g, kept_a(), kept_b()));
    };
  };
}

template <class F>
Tensor binary(const char* name, const F& formula, const Tensor& a, const Tensor& b) {
  Tensor y =
      raw::binary(formulas::kFormulaOf<F>, kernels::make_params(formula), kDomainOf<F>, a, b);
  return record(name, std::move(y), {a, b}, binary_saver(formula, a, b));
}

template <class F>
Tensor& binary_(const char* name, const F& formula, const Tensor& self, const Tensor& b) {
  auto write = [&] {
    raw::binary_into(formulas::kFormulaOf<F>, kernels::make_params(formula), kDomainOf<F>, self, b,
                     self, name);
  };
  return record_inplace(name, self, {self, b}, write, binary_saver(formula, self, b));
}

// --- Three operands; their derivatives are composed of differentiable operations in either mode
// ---

template <class F>
auto ternary_saver(const F& formula, const Tensor& a, const Tensor& b, const Tensor& c) {
  return [&formula, &a, &b, &c](Save& save) {
    auto keep = [&](const Tensor& x, unsigned operand) {
      bool used = (save.needs(0) && (F::needs_a & operand) != 0) ||
                  (save.needs(1) && (F::needs_b & operand) != 0) ||
                  (save.needs(2) && (F::needs_c & operand) != 0);
      return used ? save.input(x) : SavedTensor();
    };
    return [formula, kept_a = keep(a, kernels::kNeedsA), kept_b = keep(b, kernels::kNeedsB),
            kept_c = keep(c, kernels::kNeedsC)](Backward& ctx) {
      const Tensor& g = ctx.out_grad();
      if (ctx.needs(0)) ctx.grad(0, formula.vjp_a(g, kept_a(), kept_b(), kept_c()));
      if (ctx.needs(1)) ctx.grad(1, formula.vjp_b(g, kept_a(), kept_b(), kept_c()));
      if (ctx.needs(2)) ctx.grad(2, formula.vjp_c(g, kept_a(), kept_b(), kept_c()));
    };
  };
}

template <class F>
Tensor ternary(const char* name, const F& formula, const Tensor& a, const Tensor& b,
               const Tensor& c) {
  Tensor y =
      raw::ternary(formulas::kFormulaOf<F>, kernels::make_params(formula), kDomainOf<F>, a, b, c);
  return record(name, std::move(y), {a, b, c}, ternary_saver(formula, a, b, c));
}

template <class F>
Tensor& ternary_(const char* name, const F& formula, const Tensor& self, const Tensor& b,
                 const Tensor& c) {
  auto write = [&] {
    Tensor y = raw::ternary(formulas::kFormulaOf<F>, kernels::make_params(formula), kDomainOf<F>,
                            self, b, c);
    raw::check_output(self, y.sizes(), y.scalar_type(), name);
    raw::copy(self, y);
  };
  return record_inplace(name, self, {self, b, c}, write, ternary_saver(formula, self, b, c));
}

}  // namespace autograd
}  // namespace taper
