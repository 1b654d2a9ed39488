#include "taper/autograd/out_ops.h"

#include <cstdio>
#include <string_view>

#include "taper/autograd/record.h"
#include "taper/tensor/promotion.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/shape.h"

namespace taper {
namespace {

// Which dtypes out may have, and what else is special.
enum class Rule {
  kCast,         // those that the result can be cast to
  kAny,          // every one
  kFree,         // every one, and operands may require a gradient, which nobody asks of the result
  kBits,         // those that the result can be cast to; it is not differentiable, nor is out
  kSameBits,     //
  kSame,         // the result's alone, in the tones in which PyTorch says so
  kResult,       //
  kFreeResult,   // (without a gradient)
  kDot,          //
  kMatch,        //
  kOperand,      // (and no memory shared with an operand)
  kApart,        //
  kFloating,     // floating ones
  kBools,        // bool
  kCat,          // those that the operands can be cast to
  kTaped,        // every one; written by copy_, which is on the tape
  kTapedCast,    //
  kTapedResult,  //
};

bool is_taped(Rule rule) {
  return rule == Rule::kTaped || rule == Rule::kTapedCast || rule == Rule::kTapedResult;
}

bool is_of_bits(Rule rule) { return rule == Rule::kBits || rule == Rule::kSameBits; }
bool is_free(Rule rule) {
  return rule == Rule::kFree || rule == Rule::kFreeResult || is_of_bits(rule) || is_taped(rule);
}

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

void check_defined(const Tensor& out) {
  TAPER_CHECK(out.defined(),
              "Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument "
              "'out'");
}

void check_no_gradient(const char* name, const Tensor& out, Operands operands) {
  if (!GradMode::is_enabled() || InferenceMode::is_enabled()) return;
  bool wanted = out.requires_grad();
  for_each_tensor(operands, [&](const Tensor& x) { wanted |= x.requires_grad(); });
  TAPER_CHECK(!wanted, name,
              "(): functions with out=... arguments don't support automatic differentiation, but "
              "one of the arguments requires grad.");
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

bool is_elementwise(Rule rule) {
  return rule == Rule::kCast || rule == Rule::kSame || rule == Rule::kFree || is_of_bits(rule) ||
         rule == Rule::kTaped || rule == Rule::kTapedCast;
}

bool is_apart(Rule rule) {
  return rule == Rule::kCat || rule == Rule::kOperand || rule == Rule::kApart;
}

void check_overlap(Rule rule, const Tensor& out, Operands operands) {
  const NoGradGuard no_grad;
  autograd::internal::check_inplace(out, {out});
  if (!is_elementwise(rule) && !is_apart(rule)) return;
  for_each_tensor(operands, [&](const Tensor& x) {
    TAPER_CHECK(
        !overlap(out, x, is_apart(rule)),
        "unsupported operation: some elements of the input tensor and the written-to tensor "
        "refer to a single memory location. Please clone() the tensor before performing the "
        "operation.");
  });
}

void check_dtype(const char* name, Rule rule, const Tensor& out, ScalarType result) {
  const ScalarType dtype = out.scalar_type();
  switch (rule) {
    case Rule::kAny:
    case Rule::kFree:
    case Rule::kTaped:
      return;
    case Rule::kCast:
    case Rule::kBits:
    case Rule::kTapedCast:
      TAPER_CHECK(can_cast(result, dtype), "result type ", result,
                  " can't be cast to the desired output type ", dtype, ", in ", name);
      return;
    case Rule::kCat:
      TAPER_CHECK(can_cast(result, dtype),
                  "torch.cat(): input types can't be cast to the desired output type ", dtype);
      return;
    case Rule::kSame:
    case Rule::kSameBits:
      TAPER_CHECK(result == dtype, "Found dtype ", dtype, " but expected ", result, ", in ", name);
      return;
    case Rule::kResult:
    case Rule::kFreeResult:
    case Rule::kTapedResult:
    case Rule::kApart:
      if (std::string_view(name) == "nonzero") {
        TAPER_CHECK(result == dtype,
                    "nonzero: Expected out tensor to have scalar type Long but got scalar type",
                    dtype);
      }
      if (std::string_view(name) == "take") {
        TAPER_CHECK(result == dtype,
                    "take(): self and out expected to have the same dtype, but got self.dtype = ",
                    result, " and out.dtype = ", dtype);
      }
      TAPER_CHECK(result == dtype, "Expected out tensor to have dtype ", TypeMeta(result).name(),
                  ", but got ", TypeMeta(dtype).name(), " instead, in ", name);
      return;
    case Rule::kDot:
      TAPER_CHECK(result == dtype, "result dtype ", dtype, " does not match input dtype ", result);
      return;
    case Rule::kMatch:
      TAPER_CHECK(result == dtype, "Expected the dtype for input and out to match, but got ",
                  result, " for input's dtype and ", dtype, " for out's dtype.");
      return;
    case Rule::kOperand:
      TAPER_CHECK(result == dtype, name, "(): self and result must have the same scalar type");
      return;
    case Rule::kFloating:
      TAPER_CHECK(is_floating_point(dtype) || std::string_view(name) == "logsumexp", '"',
                  std::string_view(name) == "norm" ? "norm" : "std", "_cpu\" not implemented for '",
                  dtype, "'");
      TAPER_CHECK(is_floating_point(dtype), name,
                  "(): Expected floating point type for result tensor, but got: ", dtype);
      return;
    case Rule::kBools:
      TAPER_CHECK(dtype == kBool, name, " only supports bool tensor for result, got: ", dtype);
      return;
  }
}

// Gives out the sizes, in the order of dimensions that strides say. Not Tensor::resize_, which
// refuses a tensor that requires a gradient.
void fit(const Tensor& out, IntArrayRef sizes, IntArrayRef strides) {
  if (out.sizes() == sizes) return;
  if (out.numel() != 0) {
    static const bool warned = [&] {
      detail::MessageBuilder text;
      text.add("Warning: An output with one or more elements was resized since it had shape ");
      text.add(out.sizes());
      text.add(", which does not match the required output shape ");
      text.add(sizes);
      text.add(". Give an output tensor no elements, as by resize_({0}), or the right sizes.\n");
      std::fputs(text.take().c_str(), stderr);
      return true;
    }();
    static_cast<void>(warned);
  }
  raw::resize(out, sizes, strides);
}

void fit(const Tensor& out, IntArrayRef sizes) { fit(out, sizes, contiguous_strides(sizes)); }

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
Tensor& write_out(const char* name, Rule rule, Tensor& out, Operands operands, Compute compute) {
  check_defined(out);
  if (rule == Rule::kBools) check_dtype(name, rule, out, kBool);
  if (!is_free(rule)) check_no_gradient(name, out, operands);
  if (is_of_bits(rule)) autograd::internal::check_inplace(out, {out});
  check_overlap(rule, out, operands);
  Tensor result;
  {
    const AutoGradMode grad_mode(is_taped(rule) && GradMode::is_enabled());
    result = compute();
  }
  check_dtype(name, rule, out, result.scalar_type());
  if (out.sizes() != result.sizes()) {
    for_each_tensor(operands, [&](const Tensor& x) {
      TAPER_CHECK(!is_elementwise(rule) || !x.is_same(out), "output with shape ", out.sizes(),
                  " doesn't match the broadcast shape ", result.sizes());
    });
  }
  if (is_taped(rule)) {
    autograd::internal::check_inplace(out, {out});
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

// What the message calls an operation that is made of another.
const char* message_name(const char* name, [[maybe_unused]] Operands operands) {
  const std::string_view text = name;
  if (text == "max") return "maximum";
  if (text == "min") return "minimum";
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

}  // namespace

#define TAPER_UNPACK(...) __VA_ARGS__

#define TAPER_OUT_BODY(name, rule, arguments, operands)                             \
  {                                                                                 \
    auto compute = [&] { return name(TAPER_UNPACK arguments); };                    \
    return write_out(message_name(#name, {TAPER_UNPACK operands}), Rule::rule, out, \
                     {TAPER_UNPACK operands}, compute);                             \
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

template <class Call>
TwoTensors write_two(const char* name, Tensor& values, Tensor& indices, const Tensor& x,
                     Call call) {
  check_defined(values);
  check_defined(indices);
  check_no_gradient(name, values, {x});
  const NoGradGuard no_grad;
  const auto [new_values, new_indices] = call();
  check_dtype(name, Rule::kResult, values, new_values.scalar_type());
  check_dtype(name, Rule::kResult, indices, new_indices.scalar_type());
  for (auto [out, result] : {std::pair{values, new_values}, std::pair{indices, new_indices}}) {
    autograd::internal::check_inplace(out, {out});
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

// --- New numbers ---

Tensor& empty_out(Tensor& out, IntArrayRef sizes) {
  out.resize_(sizes);
  return out;
}
Tensor& zeros_out(Tensor& out, IntArrayRef sizes) { return full_out(out, sizes, 0); }
Tensor& ones_out(Tensor& out, IntArrayRef sizes) { return full_out(out, sizes, 1); }

namespace {

// Ready to be filled by one of its methods. A leaf that requires a gradient is refused as by these.
void prepare(const Tensor& out, IntArrayRef sizes) {
  check_defined(out);
  checked_numel(sizes);
  static_cast<void>(autograd::internal::check_inplace(out, {out}));
  fit(out, sizes);
}

// A line of numbers, in out's sizes if they hold as many.
Tensor& write_line(Tensor& out, const Tensor& numbers) {
  check_defined(out);
  if (out.numel() == numbers.numel()) {
    out.copy_(numbers.view(out.sizes()));
    return out;
  }
  prepare(out, numbers.sizes());
  return out.copy_(numbers);
}

}  // namespace

Tensor& full_out(Tensor& out, IntArrayRef sizes, const Scalar& value) {
  prepare(out, sizes);
  return out.fill_(value);
}
Tensor& eye_out(Tensor& out, int64_t n) { return eye_out(out, n, n); }
Tensor& eye_out(Tensor& out, int64_t n, int64_t m) {
  check_defined(out);
  const Tensor result = eye(n, m, out.scalar_type());
  prepare(out, result.sizes());
  return out.copy_(result);
}
Tensor& arange_out(Tensor& out, const Scalar& end) { return arange_out(out, 0, end, 1); }
Tensor& arange_out(Tensor& out, const Scalar& start, const Scalar& end, const Scalar& step) {
  return write_line(out, arange(start, end, step, out.scalar_type()));
}
Tensor& range_out(Tensor& out, const Scalar& start, const Scalar& end, const Scalar& step) {
  return write_line(out, range(start, end, step, out.scalar_type()));
}
Tensor& linspace_out(Tensor& out, const Scalar& start, const Scalar& end, int64_t steps) {
  return write_line(out, linspace(start, end, steps, out.scalar_type()));
}
Tensor& logspace_out(Tensor& out, const Scalar& start, const Scalar& end, int64_t steps,
                     double base) {
  return write_line(out, logspace(start, end, steps, base, out.scalar_type()));
}

// --- Draws ---

Tensor& rand_out(Tensor& out, IntArrayRef sizes, GeneratorOption generator) {
  prepare(out, sizes);
  return out.uniform_(0, 1, std::move(generator));
}
Tensor& randn_out(Tensor& out, IntArrayRef sizes, GeneratorOption generator) {
  check_defined(out);
  TAPER_CHECK(!out.requires_grad(), "cannot resize variables that require grad");
  return normal_out(out, 0, 1, sizes, std::move(generator));
}
Tensor& randint_out(Tensor& out, int64_t high, IntArrayRef sizes, GeneratorOption generator) {
  return randint_out(out, 0, high, sizes, std::move(generator));
}
Tensor& randint_out(Tensor& out, int64_t low, int64_t high, IntArrayRef sizes,
                    GeneratorOption generator) {
  prepare(out, sizes);
  return out.random_(low, high, std::move(generator));
}
Tensor& randperm_out(Tensor& out, int64_t n, GeneratorOption generator) {
  check_defined(out);
  const Tensor result = randperm(n, std::move(generator), out.scalar_type());
  prepare(out, result.sizes());
  return out.copy_(result);
}
Tensor& normal_out(Tensor& out, double mean, double std, IntArrayRef sizes,
                   GeneratorOption generator) {
  prepare(out, sizes);
  return out.normal_(mean, std, std::move(generator));
}

namespace {

Tensor& draw_normal(Tensor& out, Operands operands, IntArrayRef sizes, double std,
                    GeneratorOption generator) {
  check_defined(out);
  check_no_gradient("normal", out, operands);
  prepare(out, sizes);
  return out.normal_(0, std, std::move(generator));
}

void check_deviations(const Tensor& std) {
  const NoGradGuard no_grad;
  TAPER_CHECK(std.numel() == 0 || std.min().ge(0).item<bool>(),
              "normal expects all elements of std >= 0.0");
}

}  // namespace

Tensor& normal_out(Tensor& out, const Tensor& mean, double std, GeneratorOption generator) {
  draw_normal(out, {mean}, mean.sizes(), std, std::move(generator));
  const NoGradGuard no_grad;
  return out.add_(mean);
}
Tensor& normal_out(Tensor& out, double mean, const Tensor& std, GeneratorOption generator) {
  check_deviations(std);
  draw_normal(out, {std}, std.sizes(), 1, std::move(generator));
  const NoGradGuard no_grad;
  return out.mul_(std).add_(mean);
}
Tensor& normal_out(Tensor& out, const Tensor& mean, const Tensor& std, GeneratorOption generator) {
  check_deviations(std);
  draw_normal(out, {mean, std}, broadcast_shapes(mean.sizes(), std.sizes()), 1,
              std::move(generator));
  const NoGradGuard no_grad;
  return out.mul_(std).add_(mean);
}
Tensor& bernoulli_out(Tensor& out, const Tensor& p, GeneratorOption generator) {
  check_defined(out);
  check_no_gradient("bernoulli", out, {out});
  prepare(out, p.sizes());
  return out.bernoulli_(p, std::move(generator));
}
Tensor& multinomial_out(Tensor& out, const Tensor& probabilities, int64_t num_samples,
                        bool replacement, GeneratorOption generator) {
  check_defined(out);
  TAPER_CHECK(out.scalar_type() == kInt64,
              "multinomial expects Long tensor out, got: ", out.scalar_type());
  const Tensor result = multinomial(probabilities, num_samples, replacement, std::move(generator));
  prepare(out, result.sizes());
  return out.copy_(result);
}

}  // namespace taper
