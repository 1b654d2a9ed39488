// Operations on the bits of integers and on bools, and common divisors. They keep the dtype and
// have no gradient.

#include "taper/autograd/elementwise.h"

namespace taper {

using raw::wrapped_number;

namespace {

template <class F>
Tensor bitwise(const Tensor& a, const Tensor& b) {
  return raw::binary(formulas::kFormulaOf<F>, {}, autograd::kDomainOf<F>, a, b);
}

template <class F>
Tensor& bitwise_(const char* name, const Tensor& self, const Tensor& b) {
  auto write = [&] {
    raw::binary_into(formulas::kFormulaOf<F>, {}, autograd::kDomainOf<F>, self, b, self, name);
  };
  return autograd::record_inplace(name, self, {self, b}, write, [](autograd::Save&) {
    return [](autograd::Backward&) {};  // never on a tape: integers take no gradient
  });
}

}  // namespace

#define TAPER_BITWISE(name, Formula)                                                          \
  Tensor name(const Tensor& a, const Tensor& b) { return bitwise<formulas::Formula>(a, b); }  \
  Tensor name(const Tensor& a, const Scalar& b) { return taper::name(a, wrapped_number(b)); } \
  Tensor name(const Scalar& a, const Tensor& b) { return taper::name(wrapped_number(a), b); } \
  Tensor Tensor::name(const Tensor& other) const { return taper::name(*this, other); }        \
  Tensor Tensor::name(const Scalar& other) const { return taper::name(*this, other); }        \
  Tensor& Tensor::name##_(const Tensor& other) const {                                        \
    return bitwise_<formulas::Formula>(#name "_", *this, other);                              \
  }                                                                                           \
  Tensor& Tensor::name##_(const Scalar& other) const { return name##_(wrapped_number(other)); }
TAPER_BITWISE(bitwise_and, BitwiseAnd)
TAPER_BITWISE(bitwise_or, BitwiseOr)
TAPER_BITWISE(bitwise_xor, BitwiseXor)
TAPER_BITWISE(bitwise_left_shift, ShiftLeft)
TAPER_BITWISE(bitwise_right_shift, ShiftRight)
#undef TAPER_BITWISE

#define TAPER_DIVISOR(name, Formula)                                                         \
  Tensor name(const Tensor& a, const Tensor& b) { return bitwise<formulas::Formula>(a, b); } \
  Tensor Tensor::name(const Tensor& other) const { return taper::name(*this, other); }       \
  Tensor& Tensor::name##_(const Tensor& other) const {                                       \
    return bitwise_<formulas::Formula>(#name "_", *this, other);                             \
  }
TAPER_DIVISOR(gcd, Gcd)
TAPER_DIVISOR(lcm, Lcm)
#undef TAPER_DIVISOR

Tensor bitwise_not(const Tensor& x) {
  return raw::unary(kernels::Formula::BitwiseNot, {}, kernels::Domain::kIntegers, x);
}
Tensor Tensor::bitwise_not() const { return taper::bitwise_not(*this); }
Tensor& Tensor::bitwise_not_() const {
  auto write = [&] {
    raw::unary_into(kernels::Formula::BitwiseNot, {}, kernels::Domain::kIntegers, *this, *this);
  };
  return autograd::record_inplace("bitwise_not_", *this, {*this}, write,
                                  [](autograd::Save&) { return [](autograd::Backward&) {}; });
}

}  // namespace taper
