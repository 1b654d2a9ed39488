#include "taper/tensor/raw/elementwise.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "taper/tensor/memory_order.h"
#include "taper/tensor/promotion.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper::raw {
namespace {

using kernels::Domain;
using kernels::Formula;
using kernels::LoopShape;
using kernels::Operand;
using kernels::Output;
using kernels::Params;

LoopShape loop_of(const Tensor& x) { return {static_cast<int>(x.dim()), x.sizes().data()}; }

Output output(const Tensor& x) { return {x.data_ptr(), x.strides().data()}; }

// An operand of a loop over `shape`: its strides, with 0 where it is broadcast.
class BroadcastOperand {
 public:
  BroadcastOperand(const Tensor& x, IntArrayRef shape)
      : data_(x.data_ptr()), whole_(x.sizes() == shape), contiguous_(x.is_contiguous()) {
    if (whole_) {
      strides_ = x.strides();
      return;
    }
    strides_.resize(shape.size());
    size_t missing = shape.size() - x.sizes().size();
    for (size_t i = missing; i < shape.size(); ++i) {
      const int64_t size = x.sizes()[i - missing];
      strides_[i] = size == 1 && shape[i] != 1 ? 0 : x.strides()[i - missing];
    }
  }
  operator Operand() const { return {data_, strides_.data()}; }
  IntArrayRef strides() const { return strides_; }
  bool whole() const { return whole_; }
  bool contiguous() const { return contiguous_; }

 private:
  const void* data_;
  DimVector strides_;
  bool whole_;  // not broadcast
  bool contiguous_;
};

// An uninitialised tensor for the result of a loop over these operands, laid out as PyTorch does.
template <class... Operands>
Tensor result_of(IntArrayRef shape, ScalarType dtype, const Operands&... operands) {
  const bool whole = (operands.whole() && ...);
  if (whole && (operands.contiguous() && ...)) return empty(shape, dtype);
  const IntArrayRef strides[] = {operands.strides()...};
  return empty_strided(shape, elementwise_strides(shape, strides, whole), dtype);
}

DimVector common_shape(const Tensor& a, const Tensor& b) {
  return a.sizes() == b.sizes() ? DimVector(a.sizes()) : broadcast_shapes(a.sizes(), b.sizes());
}

Operand null_operand() { return {nullptr, nullptr}; }

// What PyTorch calls the kernel of a formula that some dtypes are refused.
const char* kernel_name(Formula f) {
  switch (f) {
    case Formula::Abs:
      return "abs_cpu";
    case Formula::Floor:
      return "floor_vml_cpu";
    case Formula::Ceil:
      return "ceil_vml_cpu";
    case Formula::Round:
      return "round_vml_cpu";
    case Formula::RoundDecimals:
      return "round_cpu";
    case Formula::Trunc:
      return "trunc_vml_cpu";
    case Formula::Frac:
      return "frac_cpu";
    case Formula::LeakyRelu:
      return "leaky_relu_cpu";
    case Formula::BitwiseNot:
      return "bitwise_not_cpu";
    case Formula::PowScalar:
    case Formula::Pow:
      return "pow";
    case Formula::DivTrunc:
      return "div_trunc_cpu";
    case Formula::DivFloor:
      return "div_floor_cpu";
    case Formula::Remainder:
      return "remainder_cpu";
    case Formula::Fmod:
      return "fmod_cpu";
    case Formula::Hypot:
      return "hypot_cpu";
    case Formula::Logaddexp:
      return "logaddexp_cpu";
    case Formula::Logaddexp2:
      return "logaddexp2_cpu";
    case Formula::Nextafter:
      return "nextafter_cpu";
    case Formula::Gcd:
      return "gcd_cpu";
    case Formula::Lcm:
      return "lcm_cpu";
    case Formula::ClampBetween:
      return "clamp_cpu";
    case Formula::BitwiseAnd:
      return "bitwise_and_cpu";
    case Formula::BitwiseOr:
      return "bitwise_or_cpu";
    case Formula::BitwiseXor:
      return "bitwise_xor_cpu";
    case Formula::ShiftLeft:
      return "lshift_cpu";
    case Formula::ShiftRight:
      return "rshift_cpu";
    case Formula::LerpScalar:
      return "lerp_kernel_scalar";
    case Formula::Lerp:
      return "lerp_kernel_tensor";
    case Formula::Addcmul:
      return "addcmul_cpu_out";
    default:
      return "elementwise_cpu";
  }
}

void check_domain(Formula f, Domain domain, ScalarType t) {
  TAPER_CHECK(f != Formula::Neg || t != kBool,
              "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to "
              "invert a mask, use the `~` or `logical_not()` operator instead.");
  TAPER_CHECK(f != Formula::Relu || t != kBool, "Boolean inputs not supported for relu");
  const bool allowed = is_floating_point(t) ? has_floats(domain)
                       : t == kBool         ? has_bools(domain)
                                            : has_integers(domain);
  TAPER_CHECK(allowed, '"', kernel_name(f), "\" not implemented for '", t, "'");
}

// What `map` makes of two operands of one dtype, in bools.
template <class Map>
Tensor to_bools(const Tensor& a, const Tensor& b, const Map& map) {
  const ScalarType dtype = result_type(a, b);
  const Tensor x = to(a, dtype);
  const Tensor y = to(b, dtype);
  const DimVector shape = common_shape(x, y);
  const BroadcastOperand left(x, shape);
  const BroadcastOperand right(y, shape);
  Tensor out = result_of(shape, kBool, left, right);
  map(dtype, loop_of(out), Operand(left), Operand(right), output(out));
  return out;
}

// Integer division reports a zero divisor by a std exception: the kernels know no other.
template <class Call>
void translate_errors(Call&& call) {
  try {
    call();
  } catch (const std::domain_error& e) {
    throw Error(e.what());
  }
}

// Whether an element's values may make the kernel throw: a zero divisor of whole numbers.
bool may_fail(Formula f, ScalarType dtype) {
  return !is_floating_point(dtype) && (f == Formula::DivTrunc || f == Formula::DivFloor ||
                                       f == Formula::Remainder || f == Formula::Fmod);
}

}  // namespace

ScalarType compute_type(Domain domain, ScalarType promoted) {
  return domain == Domain::kFloats && !is_floating_point(promoted)
             ? get_default_dtype_as_scalartype()
             : promoted;
}

Tensor unary(Formula f, const Params& params, Domain domain, const Tensor& x) {
  ScalarType dtype = compute_type(domain, x.scalar_type());
  check_domain(f, domain, dtype);
  Tensor in = to(x, dtype);
  const BroadcastOperand operand(in, in.sizes());
  Tensor out = result_of(in.sizes(), dtype, operand);
  kernels::map_unary(f, params, dtype, loop_of(out), operand, output(out));
  return out;
}

void unary_into(Formula f, const Params& params, Domain domain, const Tensor& x,
                const Tensor& out) {
  check_domain(f, domain, out.scalar_type());
  kernels::map_unary(f, params, out.scalar_type(), loop_of(out), {x.data_ptr(), x.strides().data()},
                     output(out));
}

Tensor unary_vjp(Formula f, const Params& params, const Tensor& g, const Tensor& saved) {
  const BroadcastOperand operand(g, g.sizes());
  Tensor dx = result_of(g.sizes(), g.scalar_type(), operand);
  kernels::map_unary_vjp(
      f, params, g.scalar_type(), loop_of(dx), operand,
      saved.defined() ? Operand{saved.data_ptr(), saved.strides().data()} : null_operand(),
      output(dx));
  return dx;
}

Tensor binary(Formula f, const Params& params, Domain domain, const Tensor& a, const Tensor& b) {
  const ScalarType dtype = compute_type(domain, result_type(a, b));
  const DimVector shape = common_shape(a, b);
  check_domain(f, domain, dtype);
  Tensor x = to(a, dtype);
  Tensor y = to(b, dtype);
  const BroadcastOperand left(x, shape);
  const BroadcastOperand right(y, shape);
  Tensor out = result_of(shape, dtype, left, right);
  translate_errors(
      [&] { kernels::map_binary(f, params, dtype, loop_of(out), left, right, output(out)); });
  return out;
}

void binary_into(Formula f, const Params& params, Domain domain, const Tensor& a, const Tensor& b,
                 const Tensor& out, const char* who) {
  // In the order in which libtorch finds fault: shapes, the dtype of the result, that of the
  // kernel.
  const ScalarType dtype = compute_type(domain, result_type(a, b));
  const DimVector shape = broadcast_shapes(a.sizes(), b.sizes());
  check_output(out, shape, dtype, who);
  check_domain(f, domain, dtype);
  // An operand that shares out's memory in another layout would be read after it is overwritten.
  auto safe = [&](const Tensor& x) {
    Tensor same_type = to(x, dtype);
    bool overlaps = same_type.is_alias_of(out) &&
                    !(same_type.data_ptr() == out.data_ptr() &&
                      same_type.strides() == out.strides() && same_type.sizes() == out.sizes());
    return overlaps ? clone(same_type) : same_type;
  };
  Tensor x = safe(a);
  Tensor y = safe(b);
  // A division that fails at one element must leave the others as they were.
  const bool in_place = out.scalar_type() == dtype && !may_fail(f, dtype);
  const Tensor target = in_place ? out : empty(out.sizes(), dtype);
  translate_errors([&] {
    kernels::map_binary(f, params, dtype, loop_of(target), BroadcastOperand(x, target.sizes()),
                        BroadcastOperand(y, target.sizes()), output(target));
  });
  if (!in_place) copy(out, target);
}

Tensor binary_vjp(Formula f, const Params& params, int which, const Tensor& g, const Tensor& a,
                  const Tensor& b) {
  const BroadcastOperand gradient(g, g.sizes());
  Tensor d = result_of(g.sizes(), g.scalar_type(), gradient);
  std::array<Operand, 2> operands = {null_operand(), null_operand()};
  std::array<std::optional<BroadcastOperand>, 2> kept;
  std::array<Tensor, 2> converted;
  for (size_t i = 0; i < 2; ++i) {
    const Tensor& x = i == 0 ? a : b;
    if (!x.defined()) continue;
    converted[i] = to(x, g.scalar_type());
    kept[i].emplace(converted[i], g.sizes());
    operands[i] = *kept[i];
  }
  kernels::map_binary_vjp(f, params, which, g.scalar_type(), loop_of(d), gradient, operands[0],
                          operands[1], output(d));
  return d;
}

Tensor ternary(Formula f, const Params& params, Domain domain, const Tensor& a, const Tensor& b,
               const Tensor& c) {
  std::array<Tensor, 3> all = {a, b, c};
  ScalarType dtype = compute_type(domain, result_type(all));
  check_domain(f, domain, dtype);
  for (Tensor& x : all) x = to(x, dtype);
  const DimVector shape = broadcast_shapes(common_shape(a, b), c.sizes());
  const BroadcastOperand first(all[0], shape);
  const BroadcastOperand second(all[1], shape);
  const BroadcastOperand third(all[2], shape);
  Tensor out = result_of(shape, dtype, first, second, third);
  kernels::map_ternary(f, params, dtype, loop_of(out), first, second, third, output(out));
  return out;
}

Tensor compare(kernels::Comparison op, const Tensor& a, const Tensor& b) {
  return to_bools(a, b, [op](auto... operands) { kernels::map_compare(op, operands...); });
}

Tensor logical(kernels::Logical op, const Tensor& a, const Tensor& b) {
  return to_bools(a, b, [op](auto... operands) { kernels::map_logical(op, operands...); });
}

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  TAPER_CHECK(condition.scalar_type() == kBool || condition.scalar_type() == kUInt8,
              "where expected condition to be a boolean tensor, but got a tensor with dtype ",
              condition.scalar_type());
  ScalarType dtype = result_type(a, b);
  Tensor c = to(condition, kBool);
  Tensor x = to(a, dtype);
  Tensor y = to(b, dtype);
  const DimVector shape = broadcast_shapes(common_shape(x, y), c.sizes());
  const BroadcastOperand chooser(c, shape);
  const BroadcastOperand yes(x, shape);
  const BroadcastOperand no(y, shape);
  Tensor out = result_of(shape, dtype, chooser, yes, no);
  kernels::map_where(dtype, loop_of(out), chooser, yes, no, output(out));
  return out;
}

}  // namespace taper::raw
