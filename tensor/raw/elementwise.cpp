#include "taper/tensor/raw/elementwise.h"

#include <algorithm>
#include <array>
#include <stdexcept>

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
  BroadcastOperand(const Tensor& x, IntArrayRef shape) : data_(x.data_ptr()) {
    if (x.sizes() == shape) {
      strides_ = x.strides();
      return;
    }
    strides_.resize(shape.size());
    size_t missing = shape.size() - x.sizes().size();
    for (size_t i = missing; i < shape.size(); ++i) {
      strides_[i] = x.sizes()[i - missing] == 1 ? 0 : x.strides()[i - missing];
    }
  }
  operator Operand() const { return {data_, strides_.data()}; }

 private:
  const void* data_;
  DimVector strides_;
};

Operand null_operand() { return {nullptr, nullptr}; }

const char* name_of(Formula f) {
  switch (f) {
#define TAPER_NAME(Name, domain) \
  case Formula::Name:            \
    return #Name;
    TAPER_UNARY_FORMULAS(TAPER_NAME)
    TAPER_BINARY_FORMULAS(TAPER_NAME)
    TAPER_TERNARY_FORMULAS(TAPER_NAME)
#undef TAPER_NAME
  }
  return "";
}

void check_domain(Formula f, Domain domain, ScalarType t) {
  TAPER_CHECK(f != Formula::Neg || t != kBool,
              "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to "
              "invert a mask, use the `~` or `logical_not()` operator instead.");
  bool allowed = domain == Domain::kAll || (domain == Domain::kIntegers && !is_floating_point(t)) ||
                 (domain == Domain::kNumbers && t != kBool) ||
                 (domain == Domain::kFloats && is_floating_point(t));
  TAPER_CHECK(allowed, name_of(f), ": not supported for dtype ", t);
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

}  // namespace

ScalarType compute_type(Domain domain, ScalarType promoted) {
  return domain == Domain::kFloats && !is_floating_point(promoted) ? get_default_dtype() : promoted;
}

Tensor unary(Formula f, const Params& params, Domain domain, const Tensor& x) {
  ScalarType dtype = compute_type(domain, x.scalar_type());
  check_domain(f, domain, dtype);
  Tensor in = to(x, dtype);
  Tensor out = empty(x.sizes(), dtype);
  kernels::map_unary(f, params, dtype, loop_of(out), {in.data_ptr(), in.strides().data()},
                     output(out));
  return out;
}

void unary_into(Formula f, const Params& params, Domain domain, const Tensor& x,
                const Tensor& out) {
  check_domain(f, domain, out.scalar_type());
  kernels::map_unary(f, params, out.scalar_type(), loop_of(out), {x.data_ptr(), x.strides().data()},
                     output(out));
}

Tensor unary_vjp(Formula f, const Params& params, const Tensor& g, const Tensor& saved) {
  Tensor dx = empty(g.sizes(), g.scalar_type());
  kernels::map_unary_vjp(
      f, params, g.scalar_type(), loop_of(dx), {g.data_ptr(), g.strides().data()},
      saved.defined() ? Operand{saved.data_ptr(), saved.strides().data()} : null_operand(),
      output(dx));
  return dx;
}

Tensor binary(Formula f, const Params& params, Domain domain, const Tensor& a, const Tensor& b) {
  ScalarType dtype = compute_type(domain, result_type(a, b));
  check_domain(f, domain, dtype);
  Tensor x = to(a, dtype);
  Tensor y = to(b, dtype);
  Tensor out =
      empty(x.sizes() == y.sizes() ? DimVector(x.sizes()) : broadcast_shapes(x.sizes(), y.sizes()),
            dtype);
  translate_errors([&] {
    kernels::map_binary(f, params, dtype, loop_of(out), BroadcastOperand(x, out.sizes()),
                        BroadcastOperand(y, out.sizes()), output(out));
  });
  return out;
}

void binary_into(Formula f, const Params& params, Domain domain, const Tensor& a, const Tensor& b,
                 const Tensor& out, const char* who) {
  ScalarType dtype = compute_type(domain, result_type(a, b));
  check_domain(f, domain, dtype);
  TAPER_CHECK(can_cast(dtype, out.scalar_type()), "result type ", dtype,
              " can't be cast to the desired output type ", out.scalar_type(), " (", who, ")");
  DimVector shape = broadcast_shapes(a.sizes(), b.sizes());
  TAPER_CHECK(out.sizes() == IntArrayRef(shape), "output with shape ", out.sizes(),
              " doesn't match the broadcast shape ", shape, " (", who, ")");
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
  Tensor target = out.scalar_type() == dtype ? out : empty(out.sizes(), dtype);
  translate_errors([&] {
    kernels::map_binary(f, params, dtype, loop_of(target), BroadcastOperand(x, target.sizes()),
                        BroadcastOperand(y, target.sizes()), output(target));
  });
  if (!target.is_same(out)) copy(out, target);
}

Tensor binary_vjp(Formula f, const Params& params, int which, const Tensor& g, const Tensor& a,
                  const Tensor& b) {
  Tensor d = empty(g.sizes(), g.scalar_type());
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
  kernels::map_binary_vjp(f, params, which, g.scalar_type(), loop_of(d),
                          {g.data_ptr(), g.strides().data()}, operands[0], operands[1], output(d));
  return d;
}

Tensor ternary(Formula f, const Params& params, Domain domain, const Tensor& a, const Tensor& b,
               const Tensor& c) {
  std::array<Tensor, 3> all = {a, b, c};
  ScalarType dtype = compute_type(domain, result_type(all));
  check_domain(f, domain, dtype);
  for (Tensor& x : all) x = to(x, dtype);
  Tensor out = empty(broadcast_shapes(broadcast_shapes(a.sizes(), b.sizes()), c.sizes()), dtype);
  kernels::map_ternary(f, params, dtype, loop_of(out), BroadcastOperand(all[0], out.sizes()),
                       BroadcastOperand(all[1], out.sizes()), BroadcastOperand(all[2], out.sizes()),
                       output(out));
  return out;
}

Tensor compare(kernels::Comparison op, const Tensor& a, const Tensor& b) {
  ScalarType dtype = result_type(a, b);
  Tensor x = to(a, dtype);
  Tensor y = to(b, dtype);
  Tensor out = empty(broadcast_shapes(x.sizes(), y.sizes()), kBool);
  kernels::map_compare(op, dtype, loop_of(out), BroadcastOperand(x, out.sizes()),
                       BroadcastOperand(y, out.sizes()), output(out));
  return out;
}

Tensor logical(kernels::Logical op, const Tensor& a, const Tensor& b) {
  ScalarType dtype = result_type(a, b);
  Tensor x = to(a, dtype);
  Tensor y = to(b, dtype);
  Tensor out = empty(broadcast_shapes(x.sizes(), y.sizes()), kBool);
  kernels::map_logical(op, dtype, loop_of(out), BroadcastOperand(x, out.sizes()),
                       BroadcastOperand(y, out.sizes()), output(out));
  return out;
}

Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b) {
  TAPER_CHECK(condition.scalar_type() == kBool || condition.scalar_type() == kUInt8,
              "where expected condition to be a boolean tensor, but got a tensor with dtype ",
              condition.scalar_type());
  ScalarType dtype = result_type(a, b);
  Tensor c = to(condition, kBool);
  Tensor x = to(a, dtype);
  Tensor y = to(b, dtype);
  Tensor out = empty(broadcast_shapes(broadcast_shapes(x.sizes(), y.sizes()), c.sizes()), dtype);
  kernels::map_where(dtype, loop_of(out), BroadcastOperand(c, out.sizes()),
                     BroadcastOperand(x, out.sizes()), BroadcastOperand(y, out.sizes()),
                     output(out));
  return out;
}

}  // namespace taper::raw
