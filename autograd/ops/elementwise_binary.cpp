// Elementwise operations with two and three operands, and the operators.

#include "taper/autograd/elementwise.h"
#include "taper/autograd/ops/not_implemented.h"
#include "taper/tensor/promotion.h"

namespace taper {

using autograd::binary;
using autograd::binary_;
using autograd::kNotImplemented;
using autograd::not_implemented;
using autograd::param;
using autograd::ternary;
using autograd::ternary_;
using raw::wrapped_number;

namespace {

// A formula that PyTorch records, but cannot derive.
template <class F, class Saver>
Tensor underivable(const char* node, Saver saver, const Tensor& a, const Tensor& b) {
  Tensor y = raw::binary(formulas::kFormulaOf<F>, {}, autograd::kDomainOf<F>, a, b);
  return autograd::record(node, std::move(y), {a, b}, saver);
}
template <class F, class Saver>
Tensor& underivable_(const char* node, const char* name, Saver saver, const Tensor& self,
                     const Tensor& b) {
  auto write = [&] {
    raw::binary_into(formulas::kFormulaOf<F>, {}, autograd::kDomainOf<F>, self, b, self, name);
  };
  return autograd::record_inplace(node, self, {self, b}, write, saver);
}

// number op b, written into y.
template <class F>
Tensor number_op(const char* name, const F& formula, const Tensor& number, const Tensor& b,
                 Tensor y) {
  raw::binary_into(formulas::kFormulaOf<F>, kernels::make_params(formula), autograd::kDomainOf<F>,
                   number, b, y, name);
  return autograd::record(name, std::move(y), {number, b},
                          autograd::binary_saver(formula, number, b));
}

}  // namespace

// --- Two tensors: function, method, in-place method ---

#define TAPER_BINARY(name, Formula, Node)           \
  Tensor name(const Tensor& a, const Tensor& b) {   \
    return binary(Node, formulas::Formula{}, a, b); \
  }                                                 \
  Tensor Tensor::name(const Tensor& other) const { return taper::name(*this, other); }
#define TAPER_BINARY_OP(name, Formula, Node)                 \
  TAPER_BINARY(name, Formula, Node)                          \
  Tensor& Tensor::name##_(const Tensor& other) const {       \
    return binary_(Node, formulas::Formula{}, *this, other); \
  }
// The same with a number in the second place, for which PyTorch has another node.
#define TAPER_NUMBER_OP(name, Formula, Node)                                           \
  Tensor name(const Tensor& a, const Scalar& b) {                                      \
    return binary(Node, formulas::Formula{}, a, wrapped_number(b));                    \
  }                                                                                    \
  Tensor Tensor::name(const Scalar& other) const { return taper::name(*this, other); } \
  Tensor& Tensor::name##_(const Scalar& other) const {                                 \
    return binary_(Node, formulas::Formula{}, *this, wrapped_number(other));           \
  }
TAPER_BINARY_OP(mul, Mul, "MulBackward0")
TAPER_NUMBER_OP(mul, Mul, "MulBackward1")
TAPER_BINARY_OP(div, Div, "DivBackward0")
TAPER_NUMBER_OP(div, Div, "DivBackward1")
TAPER_BINARY_OP(remainder, Remainder, "RemainderBackward1")
TAPER_NUMBER_OP(remainder, Remainder, "RemainderBackward0")
TAPER_BINARY_OP(fmod, Fmod, "FmodBackward1")
TAPER_NUMBER_OP(fmod, Fmod, "FmodBackward0")
TAPER_BINARY_OP(xlogy, Xlogy, "XlogyBackward0")
TAPER_NUMBER_OP(xlogy, Xlogy, "XlogyBackward2")
TAPER_BINARY_OP(copysign, Copysign, "CopysignBackward0")
TAPER_NUMBER_OP(copysign, Copysign, "CopysignBackward1")
TAPER_BINARY_OP(atan2, Atan2, "Atan2Backward0")
TAPER_BINARY_OP(hypot, Hypot, "HypotBackward0")
TAPER_BINARY(logaddexp, Logaddexp, "LogaddexpBackward0")
TAPER_BINARY(logaddexp2, Logaddexp2, "Logaddexp2Backward0")
TAPER_BINARY(maximum, Maximum, "MaximumBackward0")
TAPER_BINARY(minimum, Minimum, "MinimumBackward0")
TAPER_BINARY(fmax, Fmax, "FmaxBackward0")
TAPER_BINARY(fmin, Fmin, "FminBackward0")
#undef TAPER_NUMBER_OP
#undef TAPER_BINARY_OP
#undef TAPER_BINARY

Tensor max(const Tensor& a, const Tensor& b) { return maximum(a, b); }
Tensor min(const Tensor& a, const Tensor& b) { return minimum(a, b); }
Tensor remainder(const Scalar& a, const Tensor& b) { return remainder(wrapped_number(a), b); }
Tensor xlogy(const Scalar& a, const Tensor& b) {
  return binary("XlogyBackward1", formulas::Xlogy{}, wrapped_number(a), b);
}

// --- Sums and differences ---

namespace {

// A boolean or floating alpha makes no sense for operands that cannot hold it.
void check_alpha(const char* op, ScalarType a, ScalarType b, const Scalar& alpha) {
  TAPER_CHECK(!alpha.isBoolean() || (a == kBool && b == kBool),
              "Boolean alpha only supported for Boolean results.");
  TAPER_CHECK(is_floating_point(a) || is_floating_point(b) || !alpha.isFloatingPoint(),
              "For integral input tensors, argument alpha must not be a floating point number. (",
              op, ")");
}

void check_sub(const Tensor& a, const Tensor& b) {
  TAPER_CHECK(a.scalar_type() != kBool || b.scalar_type() != kBool,
              "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` "
              "or `logical_xor()` "
              "operator instead.");
  TAPER_CHECK(a.scalar_type() != kBool && b.scalar_type() != kBool,
              "Subtraction, the `-` operator, with a bool tensor is not supported. If you are "
              "trying to invert a mask, "
              "use the `~` or `logical_not()` operator instead.");
}

formulas::Add add_formula(const Tensor& a, const Tensor& b, const Scalar& alpha) {
  check_alpha("add", a.scalar_type(), b.scalar_type(), alpha);
  return {param(alpha, result_type(a, b))};
}

formulas::Sub sub_formula(const Tensor& a, const Tensor& b, const Scalar& alpha) {
  check_sub(a, b);
  check_alpha("sub", a.scalar_type(), b.scalar_type(), alpha);
  return {param(alpha, result_type(a, b))};
}

}  // namespace

Tensor add(const Tensor& a, const Tensor& b, const Scalar& alpha) {
  return binary("AddBackward0", add_formula(a, b, alpha), a, b);
}
Tensor add(const Tensor& a, const Scalar& b, const Scalar& alpha) {
  Tensor number = wrapped_number(b);
  return binary("AddBackward1", add_formula(a, number, alpha), a, number);
}
Tensor sub(const Tensor& a, const Tensor& b, const Scalar& alpha) {
  return binary("SubBackward0", sub_formula(a, b, alpha), a, b);
}
Tensor sub(const Tensor& a, const Scalar& b, const Scalar& alpha) {
  Tensor number = wrapped_number(b);
  return binary("SubBackward1", sub_formula(a, number, alpha), a, number);
}
Tensor rsub(const Tensor& a, const Tensor& b, const Scalar& alpha) {
  return binary("RsubBackward0", sub_formula(b, a, alpha), b, a);
}
Tensor rsub(const Tensor& a, const Scalar& b, const Scalar& alpha) {
  Tensor number = wrapped_number(b);
  return binary("RsubBackward1", sub_formula(number, a, alpha), number, a);
}
Tensor Tensor::add(const Tensor& other, const Scalar& alpha) const {
  return taper::add(*this, other, alpha);
}
Tensor Tensor::add(const Scalar& other, const Scalar& alpha) const {
  return taper::add(*this, other, alpha);
}
Tensor Tensor::sub(const Tensor& other, const Scalar& alpha) const {
  return taper::sub(*this, other, alpha);
}
Tensor Tensor::sub(const Scalar& other, const Scalar& alpha) const {
  return taper::sub(*this, other, alpha);
}
Tensor& Tensor::add_(const Tensor& other, const Scalar& alpha) const {
  return binary_("AddBackward0", add_formula(*this, other, alpha), *this, other);
}
Tensor& Tensor::add_(const Scalar& other, const Scalar& alpha) const {
  Tensor number = wrapped_number(other);
  return binary_("AddBackward1", add_formula(*this, number, alpha), *this, number);
}
Tensor& Tensor::sub_(const Tensor& other, const Scalar& alpha) const {
  return binary_("SubBackward0", sub_formula(*this, other, alpha), *this, other);
}
Tensor& Tensor::sub_(const Scalar& other, const Scalar& alpha) const {
  Tensor number = wrapped_number(other);
  return binary_("SubBackward1", sub_formula(*this, number, alpha), *this, number);
}

// --- Rounded division ---

namespace {

using RoundingMode = std::optional<std::string_view>;

bool rounds_to_floor(std::string_view mode) {
  TAPER_CHECK(mode == "trunc" || mode == "floor",
              "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '", mode,
              "'");
  return mode == "floor";
}

}  // namespace

Tensor div(const Tensor& a, const Tensor& b, RoundingMode mode) {
  if (!mode) return div(a, b);
  if (rounds_to_floor(*mode)) return binary("DivBackward2", formulas::DivFloor{}, a, b);
  return binary("DivBackward2", formulas::DivTrunc{}, a, b);
}
Tensor div(const Tensor& a, const Scalar& b, RoundingMode mode) {
  if (!mode) return div(a, b);
  Tensor number = wrapped_number(b);
  if (rounds_to_floor(*mode)) return binary("DivBackward3", formulas::DivFloor{}, a, number);
  return binary("DivBackward3", formulas::DivTrunc{}, a, number);
}
Tensor Tensor::div(const Tensor& other, RoundingMode mode) const {
  return taper::div(*this, other, mode);
}
Tensor Tensor::div(const Scalar& other, RoundingMode mode) const {
  return taper::div(*this, other, mode);
}
Tensor& Tensor::div_(const Tensor& other, RoundingMode mode) const {
  if (!mode) return div_(other);
  if (rounds_to_floor(*mode)) return binary_("DivBackward2", formulas::DivFloor{}, *this, other);
  return binary_("DivBackward2", formulas::DivTrunc{}, *this, other);
}
Tensor& Tensor::div_(const Scalar& other, RoundingMode mode) const {
  if (!mode) return div_(other);
  Tensor number = wrapped_number(other);
  if (rounds_to_floor(*mode)) return binary_("DivBackward3", formulas::DivFloor{}, *this, number);
  return binary_("DivBackward3", formulas::DivTrunc{}, *this, number);
}

Tensor floor_divide(const Tensor& a, const Tensor& b) {
  return underivable<formulas::DivFloor>(
      kNotImplemented,
      not_implemented<Error>("derivative for aten::floor_divide is not implemented"), a, b);
}
Tensor floor_divide(const Tensor& a, const Scalar& b) { return floor_divide(a, wrapped_number(b)); }
Tensor Tensor::floor_divide(const Tensor& other) const { return taper::floor_divide(*this, other); }
Tensor Tensor::floor_divide(const Scalar& other) const { return taper::floor_divide(*this, other); }
Tensor& Tensor::floor_divide_(const Tensor& other) const {
  return underivable_<formulas::DivFloor>(
      kNotImplemented, "floor_divide_",
      not_implemented<Error>("derivative for aten::floor_divide_ is not implemented"), *this,
      other);
}
Tensor& Tensor::floor_divide_(const Scalar& other) const {
  return underivable_<formulas::DivFloor>(
      kNotImplemented, "floor_divide_",
      not_implemented<Error>("derivative for aten::floor_divide is not implemented"), *this,
      wrapped_number(other));
}

// --- Powers ---

namespace {

constexpr const char* kNegativePower = "Integers to negative integer powers are not allowed.";

void check_power(const Tensor& a, const Scalar& exponent) {
  TAPER_CHECK(a.scalar_type() != kUInt8 || !exponent.isIntegral(false) || exponent.toLong() <= 255,
              "value cannot be converted to type uint8_t without overflow: ", exponent.toLong());
  TAPER_CHECK(a.is_floating_point() || exponent.isFloatingPoint() || exponent.toLong() >= 0,
              kNegativePower);
}

// What float_power_ can be called on: its results are float64.
void check_double(const Tensor& self) {
  TAPER_CHECK(self.scalar_type() == kFloat64, "the base given to float_power_ has dtype ",
              self.scalar_type(), " but the operation's result requires dtype Double");
}

}  // namespace

Tensor pow(const Tensor& a, const Tensor& exponent) {
  return binary("PowBackward1", formulas::Pow{}, a, exponent);
}
Tensor pow(const Tensor& a, const Scalar& exponent) {
  check_power(a, exponent);
  return autograd::unary("PowBackward0", formulas::PowScalar{param(exponent)},
                         a.to(result_type(a, exponent)));
}
Tensor pow(const Scalar& a, const Tensor& exponent) {
  const Tensor base = wrapped_number(a);
  // Row-major, unlike what other elementwise operations give.
  return number_op("PowBackward2", formulas::Pow{}, base, exponent,
                   raw::empty(exponent.sizes(), result_type(base, exponent)));
}
Tensor Tensor::pow(const Tensor& exponent) const { return taper::pow(*this, exponent); }
Tensor Tensor::pow(const Scalar& exponent) const { return taper::pow(*this, exponent); }
Tensor& Tensor::pow_(const Tensor& exponent) const {
  return binary_("PowBackward1", formulas::Pow{}, *this, exponent);
}
Tensor& Tensor::pow_(const Scalar& exponent) const {
  check_power(*this, exponent);
  const ScalarType result = result_type(*this, exponent);
  TAPER_CHECK(result == scalar_type(), "Found dtype ", scalar_type(), " but expected ", result,
              " (pow_)");
  return autograd::unary_("PowBackward0", formulas::PowScalar{param(exponent)}, *this);
}

Tensor float_power(const Tensor& a, const Tensor& exponent) {
  return pow(a.to(kFloat64), exponent.to(kFloat64));
}
Tensor float_power(const Tensor& a, const Scalar& exponent) {
  return pow(a.to(kFloat64), exponent.toDouble());
}
Tensor float_power(const Scalar& a, const Tensor& exponent) {
  return pow(a.toDouble(), exponent.to(kFloat64));
}
Tensor Tensor::float_power(const Tensor& exponent) const {
  return taper::float_power(*this, exponent);
}
Tensor Tensor::float_power(const Scalar& exponent) const {
  return taper::float_power(*this, exponent);
}
Tensor& Tensor::float_power_(const Tensor& exponent) const {
  check_double(*this);
  return pow_(exponent.to(kFloat64));
}
Tensor& Tensor::float_power_(const Scalar& exponent) const {
  check_double(*this);
  return pow_(exponent.toDouble());
}

Tensor ldexp(const Tensor& a, const Tensor& exponent) { return mul(a, pow(2.0, exponent)); }
Tensor Tensor::ldexp(const Tensor& exponent) const { return taper::ldexp(*this, exponent); }
Tensor& Tensor::ldexp_(const Tensor& exponent) const {
  TAPER_CHECK(!GradMode::is_enabled() || (!requires_grad() && !exponent.requires_grad()),
              "mul(): functions with out=... arguments don't support automatic differentiation, "
              "but one of the arguments requires grad.");
  return mul_(taper::pow(2.0, exponent));
}

// --- Steps, which have no gradient ---

namespace {

void check_heaviside(const Tensor& x, const Tensor& values) {
  TAPER_CHECK(x.scalar_type() == values.scalar_type(),
              "heaviside is not yet implemented for tensors with different dtypes.");
}

}  // namespace

Tensor heaviside(const Tensor& x, const Tensor& values) {
  check_heaviside(x, values);
  return underivable<formulas::Heaviside>(
      kNotImplemented, not_implemented<Error>("derivative for aten::heaviside is not implemented"),
      x, values);
}
Tensor Tensor::heaviside(const Tensor& values) const { return taper::heaviside(*this, values); }
Tensor& Tensor::heaviside_(const Tensor& values) const {
  check_heaviside(*this, values);
  return underivable_<formulas::Heaviside>(
      kNotImplemented, "heaviside_",
      not_implemented<Error>("derivative for aten::heaviside_ is not implemented"), *this, values);
}

constexpr const char* kNextafter = "the derivative for 'nextafter' is not implemented.";

Tensor nextafter(const Tensor& a, const Tensor& b) {
  return underivable<formulas::Nextafter>("NextafterBackward0",
                                          not_implemented<NotImplementedError>(kNextafter), a, b);
}
Tensor Tensor::nextafter(const Tensor& other) const { return taper::nextafter(*this, other); }
Tensor& Tensor::nextafter_(const Tensor& other) const {
  return underivable_<formulas::Nextafter>("NextafterBackward0", "nextafter_",
                                           not_implemented<NotImplementedError>(kNextafter), *this,
                                           other);
}

// --- Three operands ---

namespace {

void check_lerp(const char* operand, const Tensor& start, const Tensor& other) {
  TAPER_CHECK(start.scalar_type() == other.scalar_type(), "expected dtype ", start.dtype().name(),
              " for `", operand, "` but got dtype ", other.dtype().name());
}

void check_addcdiv(const Tensor& a, const Tensor& b) {
  TAPER_CHECK(a.is_floating_point() || b.is_floating_point(),
              "Integer division with addcdiv is no longer supported, and in a future  release "
              "addcdiv will perform a true division of tensor1 and tensor2. Got dtypes ",
              a.scalar_type(), " and ", b.scalar_type());
}

kernels::Param value_of(const Scalar& value, const Tensor& x, const Tensor& a, const Tensor& b) {
  const Tensor all[] = {x, a, b};
  return param(value, result_type(all));
}

}  // namespace

Tensor lerp(const Tensor& start, const Tensor& end, const Scalar& weight) {
  check_lerp("end", start, end);
  return binary("LerpBackward0", formulas::LerpScalar{weight.toDouble()}, start, end);
}
Tensor lerp(const Tensor& start, const Tensor& end, const Tensor& weight) {
  check_lerp("end", start, end);
  check_lerp("weight", start, weight);
  return ternary("LerpBackward1", formulas::Lerp{}, start, end, weight);
}
Tensor Tensor::lerp(const Tensor& end, const Scalar& weight) const {
  return taper::lerp(*this, end, weight);
}
Tensor Tensor::lerp(const Tensor& end, const Tensor& weight) const {
  return taper::lerp(*this, end, weight);
}
Tensor& Tensor::lerp_(const Tensor& end, const Scalar& weight) const {
  check_lerp("end", *this, end);
  return binary_("LerpBackward0", formulas::LerpScalar{weight.toDouble()}, *this, end);
}
Tensor& Tensor::lerp_(const Tensor& end, const Tensor& weight) const {
  check_lerp("end", *this, end);
  check_lerp("weight", *this, weight);
  return ternary_("LerpBackward1", formulas::Lerp{}, *this, end, weight);
}

Tensor addcmul(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& value) {
  return ternary("AddcmulBackward0", formulas::Addcmul{value_of(value, x, a, b)}, x, a, b);
}
Tensor addcdiv(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& value) {
  check_addcdiv(a, b);
  return ternary("AddcdivBackward0", formulas::Addcdiv{value_of(value, x, a, b)}, x, a, b);
}
Tensor Tensor::addcmul(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  return taper::addcmul(*this, tensor1, tensor2, value);
}
Tensor Tensor::addcdiv(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  return taper::addcdiv(*this, tensor1, tensor2, value);
}
Tensor& Tensor::addcmul_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  return ternary_("AddcmulBackward0", formulas::Addcmul{value_of(value, *this, tensor1, tensor2)},
                  *this, tensor1, tensor2);
}
Tensor& Tensor::addcdiv_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  check_addcdiv(tensor1, tensor2);
  return ternary_("AddcdivBackward0", formulas::Addcdiv{value_of(value, *this, tensor1, tensor2)},
                  *this, tensor1, tensor2);
}

// --- Operators ---

// In b's dtype and memory order, as if a copy of b were filled with the number and then changed in
// place: that is what PyTorch's operators do.
Tensor operator-(const Scalar& a, const Tensor& b) {
  const Tensor number = raw::scalar_tensor(a, b.scalar_type());
  check_sub(number, b);
  return number_op("SubBackward0", formulas::Sub{}, number, b, raw::empty_like(b));
}
Tensor operator/(const Scalar& a, const Tensor& b) {
  return number_op("DivBackward0", formulas::Div{}, raw::scalar_tensor(a, b.scalar_type()), b,
                   raw::empty_like(b));
}
Tensor operator%(const Scalar& a, const Tensor& b) {
  return number_op("RemainderBackward1", formulas::Remainder{},
                   raw::scalar_tensor(a, b.scalar_type()), b, raw::empty_like(b));
}
Tensor Tensor::operator-() const { return neg(); }
Tensor Tensor::operator~() const { return bitwise_not(); }
Tensor& Tensor::operator+=(const Tensor& other) { return add_(other); }
Tensor& Tensor::operator+=(const Scalar& other) { return add_(other); }
Tensor& Tensor::operator-=(const Tensor& other) { return sub_(other); }
Tensor& Tensor::operator-=(const Scalar& other) { return sub_(other); }
Tensor& Tensor::operator*=(const Tensor& other) { return mul_(other); }
Tensor& Tensor::operator*=(const Scalar& other) { return mul_(other); }
Tensor& Tensor::operator/=(const Tensor& other) { return div_(other); }
Tensor& Tensor::operator/=(const Scalar& other) { return div_(other); }

}  // namespace taper
