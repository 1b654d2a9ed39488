// Elementwise operations with one, two and three operands: each is a formula of
// kernels/formulas-inl.h and PyTorch's name for its node.

#include "taper/autograd/elementwise.h"

#include "taper/tensor/promotion.h"

namespace taper {

using autograd::binary;
using autograd::binary_;
using autograd::ternary;
using autograd::ternary_;
using autograd::unary;
using autograd::unary_;
using raw::wrapped_number;

namespace {

kernels::Param param(const Scalar& s) {
  return s.isFloatingPoint() ? kernels::Param(s.toDouble()) : kernels::Param(s.toLong());
}

}  // namespace

// --- One operand: the function, the method, the in-place method ---

#define TAPER_UNARY_OP(name, Formula, Node)                                    \
  Tensor name(const Tensor& x) { return unary(Node, formulas::Formula{}, x); } \
  Tensor Tensor::name() const { return taper::name(*this); }                   \
  Tensor& Tensor::name##_() const { return unary_(Node, formulas::Formula{}, *this); }
TAPER_UNARY_OP(neg, Neg, "NegBackward0")
TAPER_UNARY_OP(abs, Abs, "AbsBackward0")
TAPER_UNARY_OP(sign, Sign, "SignBackward0")
TAPER_UNARY_OP(square, Square, "PowBackward0")
TAPER_UNARY_OP(reciprocal, Reciprocal, "ReciprocalBackward0")
TAPER_UNARY_OP(sqrt, Sqrt, "SqrtBackward0")
TAPER_UNARY_OP(rsqrt, Rsqrt, "RsqrtBackward0")
TAPER_UNARY_OP(exp, Exp, "ExpBackward0")
TAPER_UNARY_OP(expm1, Expm1, "Expm1Backward0")
TAPER_UNARY_OP(log, Log, "LogBackward0")
TAPER_UNARY_OP(log1p, Log1p, "Log1PBackward0")
TAPER_UNARY_OP(sin, Sin, "SinBackward0")
TAPER_UNARY_OP(cos, Cos, "CosBackward0")
TAPER_UNARY_OP(tanh, Tanh, "TanhBackward0")
TAPER_UNARY_OP(sigmoid, Sigmoid, "SigmoidBackward0")
TAPER_UNARY_OP(relu, Relu, "ReluBackward0")
TAPER_UNARY_OP(erf, Erf, "ErfBackward0")
TAPER_UNARY_OP(floor, Floor, "FloorBackward0")
TAPER_UNARY_OP(ceil, Ceil, "CeilBackward0")
TAPER_UNARY_OP(round, Round, "RoundBackward0")
#undef TAPER_UNARY_OP

Tensor leaky_relu(const Tensor& x, const Scalar& negative_slope) {
  return unary("LeakyReluBackward0", formulas::LeakyRelu{negative_slope.toDouble()}, x);
}

namespace {

formulas::Clamp clamp_formula(const std::optional<Scalar>& min, const std::optional<Scalar>& max) {
  TAPER_CHECK(min || max, "torch.clamp: At least one of 'min' or 'max' must not be None");
  formulas::Clamp formula;
  if (min) formula.low = param(*min);
  if (max) formula.high = param(*max);
  formula.has_low = min.has_value();
  formula.has_high = max.has_value();
  return formula;
}

// A bound in floating point makes the result so too.
ScalarType clamp_type(const Tensor& x, const std::optional<Scalar>& min,
                      const std::optional<Scalar>& max) {
  ScalarType dtype = x.scalar_type();
  if (min) dtype = promote_types(dtype, result_type(x, *min));
  if (max) dtype = promote_types(dtype, result_type(x, *max));
  return dtype;
}

void check_result(const char* op, ScalarType result, const Tensor& self) {
  TAPER_CHECK(can_cast(result, self.scalar_type()), "result type ", result,
              " can't be cast to the desired output type ", self.scalar_type(), " (", op, ")");
}

}  // namespace

Tensor clamp(const Tensor& x, const std::optional<Scalar>& min, const std::optional<Scalar>& max) {
  formulas::Clamp formula = clamp_formula(min, max);
  return unary("ClampBackward1", formula, x.to(clamp_type(x, min, max)));
}
Tensor clamp_min(const Tensor& x, const Scalar& min) { return clamp(x, min, std::nullopt); }
Tensor clamp_max(const Tensor& x, const Scalar& max) { return clamp(x, std::nullopt, max); }
Tensor Tensor::clamp(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const {
  return taper::clamp(*this, min, max);
}
Tensor& Tensor::clamp_(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const {
  check_result("clamp_", clamp_type(*this, min, max), *this);
  return unary_("ClampBackward1", clamp_formula(min, max), *this);
}

// --- Two operands ---

#define TAPER_BINARY_METHODS(name)                                                     \
  Tensor Tensor::name(const Tensor& other) const { return taper::name(*this, other); } \
  Tensor Tensor::name(const Scalar& other) const { return taper::name(*this, other); }
// The node of an operation with a number has a name of its own, as PyTorch's.
#define TAPER_BINARY_OP(name, Formula, Node, NumberNode)                  \
  Tensor name(const Tensor& a, const Tensor& b) {                         \
    return binary(Node, formulas::Formula{}, a, b);                       \
  }                                                                       \
  Tensor name(const Tensor& a, const Scalar& b) {                         \
    return binary(NumberNode, formulas::Formula{}, a, wrapped_number(b)); \
  }                                                                       \
  TAPER_BINARY_METHODS(name)
TAPER_BINARY_OP(mul, Mul, "MulBackward0", "MulBackward1")
TAPER_BINARY_OP(div, Div, "DivBackward0", "DivBackward1")
TAPER_BINARY_OP(floor_divide, DivFloor, "FloorDivideBackward0", "FloorDivideBackward0")
TAPER_BINARY_OP(remainder, Remainder, "RemainderBackward1", "RemainderBackward0")
TAPER_BINARY_OP(fmod, Fmod, "FmodBackward1", "FmodBackward0")
#undef TAPER_BINARY_OP

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

}  // namespace

Tensor add(const Tensor& a, const Tensor& b, const Scalar& alpha) {
  check_alpha("add", a.scalar_type(), b.scalar_type(), alpha);
  return binary("AddBackward0", formulas::Add{param(alpha)}, a, b);
}
Tensor add(const Tensor& a, const Scalar& b, const Scalar& alpha) {
  const Tensor number = wrapped_number(b);
  check_alpha("add", a.scalar_type(), number.scalar_type(), alpha);
  return binary("AddBackward1", formulas::Add{param(alpha)}, a, number);
}
Tensor sub(const Tensor& a, const Tensor& b, const Scalar& alpha) {
  check_sub(a, b);
  check_alpha("sub", a.scalar_type(), b.scalar_type(), alpha);
  return binary("SubBackward0", formulas::Sub{param(alpha)}, a, b);
}
Tensor sub(const Tensor& a, const Scalar& b, const Scalar& alpha) {
  const Tensor number = wrapped_number(b);
  check_sub(a, number);
  check_alpha("sub", a.scalar_type(), number.scalar_type(), alpha);
  return binary("SubBackward1", formulas::Sub{param(alpha)}, a, number);
}
Tensor rsub(const Tensor& a, const Scalar& b, const Scalar& alpha) {
  Tensor number = wrapped_number(b);
  check_sub(number, a);
  check_alpha("rsub", a.scalar_type(), number.scalar_type(), alpha);
  return binary("RsubBackward1", formulas::Sub{param(alpha)}, number, a);
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
  check_alpha("add_", scalar_type(), other.scalar_type(), alpha);
  return binary_("AddBackward0", formulas::Add{param(alpha)}, *this, other);
}
Tensor& Tensor::sub_(const Tensor& other, const Scalar& alpha) const {
  check_sub(*this, other);
  check_alpha("sub_", scalar_type(), other.scalar_type(), alpha);
  return binary_("SubBackward0", formulas::Sub{param(alpha)}, *this, other);
}
Tensor& Tensor::mul_(const Tensor& other) const {
  return binary_("MulBackward0", formulas::Mul{}, *this, other);
}
Tensor& Tensor::div_(const Tensor& other) const {
  return binary_("DivBackward0", formulas::Div{}, *this, other);
}
Tensor& Tensor::add_(const Scalar& other, const Scalar& alpha) const {
  return add_(wrapped_number(other), alpha);
}
Tensor& Tensor::sub_(const Scalar& other, const Scalar& alpha) const {
  return sub_(wrapped_number(other), alpha);
}
Tensor& Tensor::mul_(const Scalar& other) const { return mul_(wrapped_number(other)); }
Tensor& Tensor::div_(const Scalar& other) const { return div_(wrapped_number(other)); }

Tensor div(const Tensor& a, const Tensor& b, const std::optional<std::string>& rounding_mode) {
  if (!rounding_mode) return div(a, b);
  if (*rounding_mode == "trunc") return binary("DivBackward1", formulas::DivTrunc{}, a, b);
  TAPER_CHECK(*rounding_mode == "floor",
              "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '",
              *rounding_mode, "'");
  return binary("DivBackward1", formulas::DivFloor{}, a, b);
}
Tensor div(const Tensor& a, const Scalar& b, const std::optional<std::string>& rounding_mode) {
  return div(a, wrapped_number(b), rounding_mode);
}
Tensor Tensor::div(const Tensor& other, std::optional<std::string> rounding_mode) const {
  return taper::div(*this, other, rounding_mode);
}
Tensor Tensor::div(const Scalar& other, std::optional<std::string> rounding_mode) const {
  return taper::div(*this, other, rounding_mode);
}

namespace {

void check_pow(const Tensor& a, const Tensor& exponent) {
  if (a.is_floating_point() || exponent.is_floating_point() || exponent.numel() != 1) return;
  TAPER_CHECK(exponent.item().toLong() >= 0,
              "Integers to negative integer powers are not allowed.");
}

}  // namespace

Tensor pow(const Tensor& a, const Tensor& exponent) {
  check_pow(a, exponent);
  return binary("PowBackward1", formulas::Pow{}, a, exponent);
}
Tensor pow(const Tensor& a, const Scalar& exponent) {
  TAPER_CHECK(a.is_floating_point() || exponent.isFloatingPoint() || exponent.toLong() >= 0,
              "Integers to negative integer powers are not allowed.");
  return unary("PowBackward0", formulas::PowScalar{param(exponent)},
               a.to(result_type(a, exponent)));
}
Tensor pow(const Scalar& a, const Tensor& exponent) {
  Tensor base = wrapped_number(a);
  check_pow(base, exponent);
  // Row-major, unlike what other elementwise operations give.
  Tensor y = raw::empty(exponent.sizes(), result_type(base, exponent));
  formulas::Pow formula;
  raw::binary_into(kernels::Formula::Pow, kernels::make_params(formula), kernels::Domain::kNumbers,
                   base, exponent, y, "pow");
  return autograd::record("PowBackward2", std::move(y), {base, exponent},
                          autograd::binary_saver(formula, base, exponent));
}
TAPER_BINARY_METHODS(pow)
#undef TAPER_BINARY_METHODS
Tensor& Tensor::pow_(const Tensor& exponent) const {
  check_pow(*this, exponent);
  return binary_("PowBackward1", formulas::Pow{}, *this, exponent);
}
Tensor& Tensor::pow_(const Scalar& exponent) const {
  check_result("pow_", result_type(*this, exponent), *this);
  TAPER_CHECK(is_floating_point() || exponent.toLong() >= 0,
              "Integers to negative integer powers are not allowed.");
  return unary_("PowBackward0", formulas::PowScalar{param(exponent)}, *this);
}

Tensor atan2(const Tensor& y, const Tensor& x) {
  return binary("Atan2Backward0", formulas::Atan2{}, y, x);
}
Tensor Tensor::atan2(const Tensor& other) const { return taper::atan2(*this, other); }
Tensor& Tensor::atan2_(const Tensor& other) const {
  return binary_("Atan2Backward0", formulas::Atan2{}, *this, other);
}

Tensor maximum(const Tensor& a, const Tensor& b) {
  return binary("MaximumBackward0", formulas::Maximum{}, a, b);
}
Tensor minimum(const Tensor& a, const Tensor& b) {
  return binary("MinimumBackward0", formulas::Minimum{}, a, b);
}
Tensor max(const Tensor& a, const Tensor& b) { return maximum(a, b); }
Tensor min(const Tensor& a, const Tensor& b) { return minimum(a, b); }
Tensor Tensor::maximum(const Tensor& other) const { return taper::maximum(*this, other); }
Tensor Tensor::minimum(const Tensor& other) const { return taper::minimum(*this, other); }

// --- Three operands ---

namespace {

void check_lerp(const Tensor& start, const Tensor& end) {
  TAPER_CHECK(start.scalar_type() == end.scalar_type(), "expected dtype ", start.scalar_type(),
              " for `end` but got dtype ", end.scalar_type());
}

}  // namespace

Tensor lerp(const Tensor& start, const Tensor& end, const Scalar& weight) {
  check_lerp(start, end);
  return binary("LerpBackward0", formulas::LerpScalar{weight.toDouble()}, start, end);
}
Tensor lerp(const Tensor& start, const Tensor& end, const Tensor& weight) {
  check_lerp(start, end);
  TAPER_CHECK(start.scalar_type() == weight.scalar_type(), "expected dtype ", start.scalar_type(),
              " for `weight` but got dtype ", weight.scalar_type());
  return ternary("LerpBackward1", formulas::Lerp{}, start, end, weight);
}
Tensor Tensor::lerp(const Tensor& end, const Scalar& weight) const {
  return taper::lerp(*this, end, weight);
}
Tensor Tensor::lerp(const Tensor& end, const Tensor& weight) const {
  return taper::lerp(*this, end, weight);
}
Tensor& Tensor::lerp_(const Tensor& end, const Scalar& weight) const {
  check_lerp(*this, end);
  return binary_("LerpBackward0", formulas::LerpScalar{weight.toDouble()}, *this, end);
}
Tensor& Tensor::lerp_(const Tensor& end, const Tensor& weight) const {
  check_lerp(*this, end);
  return ternary_("LerpBackward1", formulas::Lerp{}, *this, end, weight);
}

Tensor addcmul(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& value) {
  return ternary("AddcmulBackward0", formulas::Addcmul{param(value)}, x, a, b);
}
Tensor addcdiv(const Tensor& x, const Tensor& a, const Tensor& b, const Scalar& value) {
  TAPER_CHECK(a.is_floating_point() || b.is_floating_point(),
              "Integer division with addcdiv is no longer supported; got dtypes ", a.scalar_type(),
              " and ", b.scalar_type());
  return ternary("AddcdivBackward0", formulas::Addcdiv{param(value)}, x, a, b);
}
Tensor Tensor::addcmul(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  return taper::addcmul(*this, tensor1, tensor2, value);
}
Tensor Tensor::addcdiv(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  return taper::addcdiv(*this, tensor1, tensor2, value);
}
Tensor& Tensor::addcmul_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  return ternary_("AddcmulBackward0", formulas::Addcmul{param(value)}, *this, tensor1, tensor2);
}
Tensor& Tensor::addcdiv_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  return ternary_("AddcdivBackward0", formulas::Addcdiv{param(value)}, *this, tensor1, tensor2);
}

// --- Operators ---

namespace {

// number op b in b's dtype and memory order, as if a copy of b were filled with the number and then
// changed in place: that is what PyTorch's operators do.
template <class F>
Tensor number_op(const char* name, const F& formula, const Tensor& number, const Tensor& b) {
  Tensor y = raw::empty_like(b);
  raw::binary_into(formulas::kFormulaOf<F>, kernels::make_params(formula), autograd::kDomainOf<F>,
                   number, b, y, name);
  return autograd::record(name, std::move(y), {number, b},
                          autograd::binary_saver(formula, number, b));
}

}  // namespace

Tensor operator-(const Scalar& a, const Tensor& b) {
  Tensor number = raw::scalar_tensor(a, b.scalar_type());
  check_sub(number, b);
  return number_op("SubBackward0", formulas::Sub{}, number, b);
}
Tensor operator/(const Scalar& a, const Tensor& b) {
  return number_op("DivBackward0", formulas::Div{}, raw::scalar_tensor(a, b.scalar_type()), b);
}
Tensor operator%(const Scalar& a, const Tensor& b) {
  return number_op("RemainderBackward0", formulas::Remainder{},
                   raw::scalar_tensor(a, b.scalar_type()), b);
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
