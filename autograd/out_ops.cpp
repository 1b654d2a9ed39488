#include "taper/autograd/out_ops.h"

#include <string_view>

#include "taper/autograd/out_write.h"
#include "taper/autograd/record.h"
#include "taper/tensor/promotion.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {

using autograd::internal::check_out;
using autograd::internal::fit;
using autograd::internal::refuse_gradient;

namespace {

// Which dtypes `out` may have, each with PyTorch's words for the others.
enum class Dtypes {
  kAny,
  kCast,      // those that the result can be cast to
  kCatCast,   // the same, in cat's words
  kSame,      // the result's alone; and so the following, in other words
  kExpected,  // "Expected out tensor to have dtype ..."
  kNonzero,
  kDot,
  kMatch,
  kOperand,
  kFloating,  // floating ones
  kBools,     // bool
};

// What the tape has to do with it.
enum class Tape {
  kRefused,  // neither out nor an operand may require a gradient
  kUnasked,  // they may: nobody asks the result for one
  kBits,     // operands may, out may not: the result has no derivative
  kTaped,    // written by copy_, which is on the tape
};

// Which memory `out` may share with an operand.
enum class Shared {
  kAny,  // it is read before out is written
  kAll,  // all of it, or none: an elementwise operation, whose out keeps its shape
  kNone,
};

struct Rule {
  Dtypes dtypes;
  Tape tape;
  Shared shared;
  const char* kernel = nullptr;  // what PyTorch says is not implemented for other dtypes
};

// The rules of out_list.inc.
namespace rules {
constexpr Rule kCast{Dtypes::kCast, Tape::kRefused, Shared::kAll};
constexpr Rule kCastWhole{Dtypes::kCast, Tape::kRefused, Shared::kAny};
constexpr Rule kSame{Dtypes::kSame, Tape::kRefused, Shared::kAll};
constexpr Rule kFree{Dtypes::kAny, Tape::kUnasked, Shared::kAll};
constexpr Rule kBits{Dtypes::kCast, Tape::kBits, Shared::kAll};
constexpr Rule kSameBits{Dtypes::kSame, Tape::kBits, Shared::kAll};
constexpr Rule kTaped{Dtypes::kAny, Tape::kTaped, Shared::kAll};
constexpr Rule kTapedCast{Dtypes::kCast, Tape::kTaped, Shared::kAll};
constexpr Rule kTapedResult{Dtypes::kExpected, Tape::kTaped, Shared::kAny};
constexpr Rule kAny{Dtypes::kAny, Tape::kRefused, Shared::kAny};
constexpr Rule kResult{Dtypes::kExpected, Tape::kRefused, Shared::kAny};
constexpr Rule kFreeResult{Dtypes::kExpected, Tape::kUnasked, Shared::kAny};
constexpr Rule kNonzero{Dtypes::kNonzero, Tape::kUnasked, Shared::kAny};
constexpr Rule kDot{Dtypes::kDot, Tape::kRefused, Shared::kAny};
constexpr Rule kMatch{Dtypes::kMatch, Tape::kRefused, Shared::kAny};
constexpr Rule kBools{Dtypes::kBools, Tape::kRefused, Shared::kAny};
constexpr Rule kFloating{Dtypes::kFloating, Tape::kRefused, Shared::kAny};
constexpr Rule kFloatingStd{Dtypes::kFloating, Tape::kRefused, Shared::kAny, "std_cpu"};
constexpr Rule kFloatingNorm{Dtypes::kFloating, Tape::kRefused, Shared::kAny, "norm_cpu"};
constexpr Rule kCat{Dtypes::kCatCast, Tape::kRefused, Shared::kNone};
constexpr Rule kOperand{Dtypes::kOperand, Tape::kRefused, Shared::kNone};
constexpr Rule kApart{Dtypes::kExpected, Tape::kRefused, Shared::kNone};
}  // namespace rules

// The tensors of a parameter: one, none or several.
struct Operand {
  Operand(const Tensor& x) : tensors(x) {}
  Operand(const std::optional<Tensor>& x) : tensors(x ? TensorList(*x) : TensorList()) {}
  Operand(TensorList list) : tensors(list) {}
  TensorList tensors;
};
using Operands = std::initializer_list<Operand>;

template <class Fn>
void for_each_tensor(Operands operands, Fn fn) {
  for (const Operand& operand : operands) {
    for (const Tensor& x : operand.tensors) {
      if (x.defined()) fn(x);
    }
  }
}

// An operation and its operands, as its messages name it.
struct Call {
  const char* name;
  Operands operands;

  // An operation that is made of another is called by that one's name.
  const char* shown() const;
};

const char* Call::shown() const {
  const std::string_view text = name;
  if (text == "max" && operands.size() == 2) return "maximum";
  if (text == "min" && operands.size() == 2) return "minimum";
  if (text == "square") return "pow";
  if (text == "outer") return "mul";
  if (text == "matmul") {
    const Operand* each = operands.begin();
    const int64_t a = each[0].tensors[0].dim();
    const int64_t b = each[1].tensors[0].dim();
    return a == 1 && b == 1 ? "dot" : a == 2 && b == 1 ? "mv" : a <= 2 && b <= 2 ? "mm" : "bmm";
  }
  return name;
}

void check_no_gradient(const Call& call, const Tensor& out) {
  bool wanted = out.requires_grad();
  for_each_tensor(call.operands, [&](const Tensor& x) { wanted |= x.requires_grad(); });
  if (wanted) refuse_gradient(call.shown());
}

// Dense tensors that share memory; not those that share all of it, unless that too.
bool overlap(const Tensor& a, const Tensor& b, bool even_all) {
  if (a.numel() == 0 || b.numel() == 0 || !a.is_alias_of(b)) return false;
  if (!a.is_contiguous() || !b.is_contiguous()) return false;
  const auto* begin_a = static_cast<const char*>(a.data_ptr());
  const auto* begin_b = static_cast<const char*>(b.data_ptr());
  const auto* end_a = begin_a + a.nbytes();
  const auto* end_b = begin_b + b.nbytes();
  if (begin_a == begin_b && end_a == end_b) return even_all;
  return begin_a < end_b && begin_b < end_a;
}

void check_overlap(const Rule& rule, const Tensor& out, Operands operands) {
  raw::check_own_memory(out);
  if (rule.shared == Shared::kAny) return;
  for_each_tensor(operands, [&](const Tensor& x) {
    TAPER_CHECK(
        !overlap(out, x, rule.shared == Shared::kNone),
        "unsupported operation: some elements of the input tensor and the written-to tensor "
        "refer to a single memory location. Please clone() the tensor before performing the "
        "operation.");
  });
}

void check_dtype(const Call& call, const Rule& rule, const Tensor& out, ScalarType result) {
  const ScalarType dtype = out.scalar_type();
  switch (rule.dtypes) {
    case Dtypes::kAny:
      return;
    case Dtypes::kCast:
      TAPER_CHECK(can_cast(result, dtype), "result type ", result,
                  " can't be cast to the desired output type ", dtype, ", in ", call.shown());
      return;
    case Dtypes::kCatCast:
      TAPER_CHECK(can_cast(result, dtype),
                  "torch.cat(): input types can't be cast to the desired output type ", dtype);
      return;
    case Dtypes::kSame:
      TAPER_CHECK(result == dtype, "Found dtype ", dtype, " but expected ", result, ", in ",
                  call.shown());
      return;
    case Dtypes::kExpected:
      TAPER_CHECK(result == dtype, "Expected out tensor to have dtype ", TypeMeta(result).name(),
                  ", but got ", TypeMeta(dtype).name(), " instead, in ", call.shown());
      return;
    case Dtypes::kNonzero:
      TAPER_CHECK(result == dtype,
                  "nonzero: Expected out tensor to have scalar type Long but got scalar type",
                  dtype);
      return;
    case Dtypes::kDot:
      TAPER_CHECK(result == dtype, "result dtype ", dtype, " does not match input dtype ", result);
      return;
    case Dtypes::kMatch:
      TAPER_CHECK(result == dtype, "Expected the dtype for input and out to match, but got ",
                  result, " for input's dtype and ", dtype, " for out's dtype.");
      return;
    case Dtypes::kOperand:
      TAPER_CHECK(result == dtype, call.shown(),
                  "(): self and result must have the same scalar type");
      return;
    case Dtypes::kFloating:
      TAPER_CHECK(is_floating_point(dtype) || rule.kernel == nullptr, '"', rule.kernel,
                  "\" not implemented for '", dtype, "'");
      TAPER_CHECK(is_floating_point(dtype), call.shown(),
                  "(): Expected floating point type for result tensor, but got: ", dtype);
      return;
    case Dtypes::kBools:
      TAPER_CHECK(dtype == kBool, call.shown(),
                  " only supports bool tensor for result, got: ", dtype);
      return;
  }
}

// The sizes of a result, and where it is dense its order of the dimensions too.
void fit_as(const Tensor& out, const Tensor& result) {
  const bool dense = result.nbytes() == result.storage().nbytes();
  fit(out, result.sizes(),
      dense ? DimVector(result.strides()) : contiguous_strides(result.sizes()));
}

void write(const Tensor& out, const Tensor& result) {
  raw::copy(out, result);
  out.unsafeGetTensorImpl()->version().bump();
}

// A call of a lambda, without its type.
struct Compute {
  template <class Fn>
  Compute(Fn& fn) : context(&fn), call([](void* p) { return (*static_cast<Fn*>(p))(); }) {}
  Tensor operator()() const { return call(context); }

  void* context;
  Tensor (*call)(void* context);
};

// What all of out_list.inc do: compute() without a tape, and put it into out.
Tensor& write_out(const Call& call, const Rule& rule, Tensor& out, Compute compute) {
  check_out(out);
  if (rule.dtypes == Dtypes::kBools) check_dtype(call, rule, out, kBool);
  if (rule.tape == Tape::kRefused) check_no_gradient(call, out);
  if (rule.tape == Tape::kBits) autograd::internal::check_inplace(out, {out});
  check_overlap(rule, out, call.operands);
  const bool taped = rule.tape == Tape::kTaped;
  Tensor result;
  {
    const AutoGradMode grad_mode(taped && GradMode::is_enabled());
    result = compute();
  }
  check_dtype(call, rule, out, result.scalar_type());
  if (rule.shared == Shared::kAll) {
    for_each_tensor(call.operands, [&](const Tensor& x) {
      if (x.is_same(out)) raw::check_output_shape(out, result.sizes(), call.shown());
    });
  }
  if (taped) {
    autograd::internal::check_inplace(out, {out, result});
    fit_as(out, result);
    return out.copy_(result);
  }
  fit_as(out, result);
  write(out, result);
  return out;
}

// The dtype in which a reduction computes for `out`.
ScalarType out_dtype(const Tensor& out, std::optional<ScalarType> dtype) {
  TAPER_CHECK(!dtype || *dtype == out.scalar_type(), "Expected out tensor to have dtype ",
              TypeMeta(*dtype).name(), ", but got ", out.dtype().name(), " instead");
  return out.scalar_type();
}

std::optional<ScalarType> floating_out_dtype(const Tensor& x, const Tensor& out,
                                             std::optional<ScalarType> dtype) {
  if (dtype) return out_dtype(out, dtype);
  if (!x.is_floating_point() || !out.is_floating_point()) return std::nullopt;
  return out.scalar_type();
}

// x in out's dtype if both are floating.
Tensor in_dtype_of(const Tensor& x, const Tensor& out) {
  return x.is_floating_point() && out.is_floating_point() ? x.to(out.scalar_type()) : x;
}

}  // namespace

#define TAPER_UNPACK(...) __VA_ARGS__

#define TAPER_OUT_BODY(name, rule, arguments, operands)                            \
  {                                                                                \
    auto compute = [&] { return name(TAPER_UNPACK arguments); };                   \
    return write_out({#name, {TAPER_UNPACK operands}}, rules::rule, out, compute); \
  }

#define TAPER_OR(value)
#define TAPER_OUT(name, rule, parameters, arguments, operands) \
  Tensor& name##_out(Tensor& out, TAPER_UNPACK parameters)     \
      TAPER_OUT_BODY(name, rule, arguments, operands)
#include "taper/autograd/out_list.inc"

#define TAPER_OR(value)
#define TAPER_OUT(name, rule, parameters, arguments, operands) \
  Tensor& name##_outf(TAPER_UNPACK parameters, Tensor& out)    \
      TAPER_OUT_BODY(name, rule, arguments, operands)
#include "taper/autograd/out_list.inc"

#undef TAPER_OUT_BODY
#undef TAPER_UNPACK

// --- Values and their indices ---

namespace {

template <class Compute>
TwoTensors write_two(const char* name, Tensor& values, Tensor& indices, const Tensor& x,
                     Compute compute) {
  const Call call{name, {x}};
  check_out(values);
  check_out(indices);
  check_no_gradient(call, values);
  const NoGradGuard no_grad;
  const auto [new_values, new_indices] = compute();
  // All that may be refused before anything is written.
  check_dtype(call, rules::kResult, values, new_values.scalar_type());
  check_dtype(call, rules::kResult, indices, new_indices.scalar_type());
  raw::check_own_memory(values);
  raw::check_own_memory(indices);
  for (auto [out, result] : {std::pair{values, new_values}, std::pair{indices, new_indices}}) {
    fit_as(out, result);
    write(out, result);
  }
  return {values, indices};
}

}  // namespace

TwoTensors max_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim, bool keepdim) {
  return write_two("max", values, indices, x, [&] { return max(x, dim, keepdim); });
}
TwoTensors min_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim, bool keepdim) {
  return write_two("min", values, indices, x, [&] { return min(x, dim, keepdim); });
}
TwoTensors median_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim, bool keepdim) {
  return write_two("median", values, indices, x, [&] { return median(x, dim, keepdim); });
}
TwoTensors kthvalue_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t k, int64_t dim,
                        bool keepdim) {
  return write_two("kthvalue", values, indices, x, [&] { return kthvalue(x, k, dim, keepdim); });
}
TwoTensors sort_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t dim,
                    bool descending) {
  return write_two("sort", values, indices, x, [&] { return sort(x, dim, descending); });
}
TwoTensors topk_out(Tensor& values, Tensor& indices, const Tensor& x, int64_t k, int64_t dim,
                    bool largest, bool sorted) {
  return write_two("topk", values, indices, x, [&] { return topk(x, k, dim, largest, sorted); });
}

}  // namespace taper
