#pragma once

#include <cstdint>

#include "taper/tensor/kernels/formulas.h"
#include "taper/tensor/kernels/scalar_type.h"

/// Elementwise loops over strided operands. Shapes are settled by the caller: broadcasting is a
/// stride of 0, dtypes are promoted. An output may be the very memory of an input (same pointer,
/// strides and dtype: the in-place ops), but must not overlap one in any other way, and no two of
/// its own elements may share memory. Big loops run on the threads of parallel.h.
namespace taper::kernels {

/// The sizes of the loop, shared by all operands. ndim 0 is one element.
struct LoopShape {
  int ndim;
  const std::int64_t* sizes;
};

/// Strides count elements, one for each dim of the loop.
struct Operand {
  const void* data;
  const std::int64_t* strides;
};

struct Output {
  void* data;
  const std::int64_t* strides;
};

enum class Comparison : std::uint8_t { Eq, Ne, Lt, Le, Gt, Ge };
enum class Logical : std::uint8_t { And, Or, Xor, Not };

/// y = f(x): params = make_params(formulas::Tanh{}), formula = Formula::Tanh. The dtype must be of
/// the formula's domain (formulas.h).
void map_unary(Formula formula, const Params& params, ScalarType type, LoopShape shape, Operand x,
               Output y);
/// y = f(a, b). Integer divisions throw std::domain_error("ZeroDivisionError") on a zero divisor.
void map_binary(Formula formula, const Params& params, ScalarType type, LoopShape shape, Operand a,
                Operand b, Output y);
/// y = f(a, b, c).
void map_ternary(Formula formula, const Params& params, ScalarType type, LoopShape shape, Operand a,
                 Operand b, Operand c, Output y);

/// dx = vjp(g, saved), Float and Double. `saved` is what the formula's `saves` names (for kNothing
/// it is not looked at, and its pointers may be null).
void map_unary_vjp(Formula formula, const Params& params, ScalarType type, LoopShape shape,
                   Operand g, Operand saved, Output dx);
/// d = vjp_a(g, a, b) for which = 0, vjp_b(g, a, b) for which = 1, Float and Double. An operand
/// that the formula's needs_a or needs_b leaves out may have null pointers.
void map_binary_vjp(Formula formula, const Params& params, int which, ScalarType type,
                    LoopShape shape, Operand g, Operand a, Operand b, Output d);

/// out = a <cmp> b; `type` is that of a and b, out is Bool.
void map_compare(Comparison comparison, ScalarType type, LoopShape shape, Operand a, Operand b,
                 Output out);
/// out = a <op> b over truth values (x != 0, so NaN is true); `type` is that of a and b, out is
/// Bool. Not looks at a alone; pass a twice.
void map_logical(Logical op, ScalarType type, LoopShape shape, Operand a, Operand b, Output out);
/// y = condition ? a : b; condition is Bool, `type` that of a, b and y.
void map_where(ScalarType type, LoopShape shape, Operand condition, Operand a, Operand b, Output y);

/// dst = src, converted. To Bool: x != 0. From a float to an integer: cut towards zero; what the
/// integer cannot hold becomes its smallest value, for Byte the low byte of the int64, as PyTorch
/// gives on x86.
void copy(ScalarType dst_type, Output dst, ScalarType src_type, Operand src, LoopShape shape);
/// out = *value, one element of the output's dtype.
void fill(ScalarType type, Output out, LoopShape shape, const void* value);

}  // namespace taper::kernels
