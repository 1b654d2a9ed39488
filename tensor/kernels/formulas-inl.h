// Every elementwise formula with its vector-Jacobian product, for any element: a SIMD vector, an
// integer, a Tensor. No guard, includes or namespace: formulas.h and each instruction set's part of
// the kernels include these lines inside their own namespace.
//
// The vjp bodies use only + - * / and unary -, comparisons, & on masks, constants as double,
// select(mask, a, b) where a or b may be a double, zeros_like(x), and functions that bear the names
// of taper's ops. They are differentiable in turn wherever the formula is twice differentiable. A
// derivative chooses with select: a product with a mask would make inf * 0 = NaN.
// Unlike vjp, f is never called with tensors, so it may use any function that the kernels define
// (like(x, p): the user's scalar p as an element of x's kind).

// A formula and its template head stay on one line:
// clang-format off

// ---- unary: y = f(x); vjp(g, saved) = g * dy/dx ----

struct Neg {
  static constexpr Saves saves = Saves::kNothing;
  template <class T> T f(const T& x) const { return -x; }
  template <class T> T vjp(const T& g, const T&) const { return -g; }
};

struct Abs {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return abs(x); }
  template <class T> T vjp(const T& g, const T& x) const {
    return select(x > 0.0, g, select(x < 0.0, -g, 0.0));
  }
};

struct Sign {
  static constexpr Saves saves = Saves::kNothing;
  template <class T> T f(const T& x) const { return sign(x); }
  template <class T> T vjp(const T& g, const T&) const { return zeros_like(g); }
};

struct Square {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return x * x; }
  template <class T> T vjp(const T& g, const T& x) const { return g * (x * 2.0); }
};

// NaN stays NaN, and its gradient passes, as in PyTorch: hence < and <=.
struct Relu {
  static constexpr Saves saves = Saves::kOutput;
  template <class T> T f(const T& x) const { return select(x < like(x, 0), like(x, 0), x); }
  template <class T> T vjp(const T& g, const T& y) const { return select(y <= 0.0, 0.0, g); }
};

struct LeakyRelu {
  double slope = 0.01;
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return select(x > 0.0, x, x * slope); }
  template <class T> T vjp(const T& g, const T& x) const { return select(x > 0.0, g, g * slope); }
};

// min(max(x, low), high): where low > high, high wins; x comes second, so that -0 stays -0 at a bound
// of 0. The gradient passes at the bounds too.
struct Clamp {
  Param low, high;
  bool has_low = false, has_high = false;
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const {
    T y = x;
    if (has_low) y = maximum(like(x, low), y);
    if (has_high) y = minimum(like(x, high), y);
    return y;
  }
  template <class T> T vjp(const T& g, const T& x) const {
    if (has_low && has_high) return select((x >= low.d) & (x <= high.d), g, 0.0);
    if (has_low) return select(x >= low.d, g, 0.0);
    if (has_high) return select(x <= high.d, g, 0.0);
    return g;
  }
};

struct Floor {
  static constexpr Saves saves = Saves::kNothing;
  template <class T> T f(const T& x) const { return floor(x); }
  template <class T> T vjp(const T& g, const T&) const { return zeros_like(g); }
};

struct Ceil {
  static constexpr Saves saves = Saves::kNothing;
  template <class T> T f(const T& x) const { return ceil(x); }
  template <class T> T vjp(const T& g, const T&) const { return zeros_like(g); }
};

// Half to even.
struct Round {
  static constexpr Saves saves = Saves::kNothing;
  template <class T> T f(const T& x) const { return round(x); }
  template <class T> T vjp(const T& g, const T&) const { return zeros_like(g); }
};

struct BitwiseNot {
  template <class T> T f(const T& x) const { return ~x; }
};

struct Reciprocal {
  static constexpr Saves saves = Saves::kOutput;
  template <class T> T f(const T& x) const { return 1.0 / x; }
  template <class T> T vjp(const T& g, const T& y) const { return -g * (y * y); }
};

struct Sqrt {
  static constexpr Saves saves = Saves::kOutput;
  template <class T> T f(const T& x) const { return sqrt(x); }
  template <class T> T vjp(const T& g, const T& y) const { return g / (y * 2.0); }
};

struct Rsqrt {
  static constexpr Saves saves = Saves::kOutput;
  template <class T> T f(const T& x) const { return rsqrt(x); }
  template <class T> T vjp(const T& g, const T& y) const { return g * -0.5 * (y * y * y); }
};

struct Exp {
  static constexpr Saves saves = Saves::kOutput;
  template <class T> T f(const T& x) const { return exp(x); }
  template <class T> T vjp(const T& g, const T& y) const { return g * y; }
};

struct Expm1 {
  static constexpr Saves saves = Saves::kOutput;
  template <class T> T f(const T& x) const { return expm1(x); }
  template <class T> T vjp(const T& g, const T& y) const { return g * (y + 1.0); }
};

struct Log {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return log(x); }
  template <class T> T vjp(const T& g, const T& x) const { return g / x; }
};

struct Log1p {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return log1p(x); }
  template <class T> T vjp(const T& g, const T& x) const { return g / (x + 1.0); }
};

struct Sin {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return sin(x); }
  template <class T> T vjp(const T& g, const T& x) const { return g * cos(x); }
};

struct Cos {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return cos(x); }
  template <class T> T vjp(const T& g, const T& x) const { return -g * sin(x); }
};

struct Tanh {
  static constexpr Saves saves = Saves::kOutput;
  template <class T> T f(const T& x) const { return tanh(x); }
  template <class T> T vjp(const T& g, const T& y) const { return g * (1.0 - y * y); }
};

struct Sigmoid {
  static constexpr Saves saves = Saves::kOutput;
  template <class T> T f(const T& x) const { return sigmoid(x); }
  template <class T> T vjp(const T& g, const T& y) const { return g * (1.0 - y) * y; }
};

struct Erf {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return erf(x); }
  template <class T> T vjp(const T& g, const T& x) const {
    return g * 1.1283791670955126 * exp(-(x * x));  // 2 / sqrt(pi)
  }
};

struct PowScalar {
  Param exponent;
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return pow(x, exponent); }
  template <class T> T vjp(const T& g, const T& x) const {
    if (exponent.d == 0.0) return zeros_like(g);
    return g * (pow(x, exponent.d - 1.0) * exponent.d);
  }
};

// ---- binary: y = f(a, b); vjp_a(g, a, b) = g * dy/da, vjp_b likewise ----

// a + alpha * b
struct Add {
  Param alpha = 1;
  static constexpr unsigned needs_a = 0, needs_b = 0;
  template <class T> T f(const T& a, const T& b) const { return mul_add(b, like(b, alpha), a); }
  template <class T> T vjp_a(const T& g, const T&, const T&) const { return g; }
  template <class T> T vjp_b(const T& g, const T&, const T&) const {
    return alpha.d == 1.0 ? g : g * alpha.d;
  }
};

// a - alpha * b
struct Sub {
  Param alpha = 1;
  static constexpr unsigned needs_a = 0, needs_b = 0;
  template <class T> T f(const T& a, const T& b) const { return mul_add(b, -like(b, alpha), a); }
  template <class T> T vjp_a(const T& g, const T&, const T&) const { return g; }
  template <class T> T vjp_b(const T& g, const T&, const T&) const {
    return alpha.d == 1.0 ? -g : g * -alpha.d;
  }
};

struct Mul {
  static constexpr unsigned needs_a = kNeedsB, needs_b = kNeedsA;
  template <class T> T f(const T& a, const T& b) const { return a * b; }
  template <class T> T vjp_a(const T& g, const T&, const T& b) const { return g * b; }
  template <class T> T vjp_b(const T& g, const T& a, const T&) const { return g * a; }
};

struct Div {
  static constexpr unsigned needs_a = kNeedsB, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& a, const T& b) const { return a / b; }
  template <class T> T vjp_a(const T& g, const T&, const T& b) const { return g / b; }
  template <class T> T vjp_b(const T& g, const T& a, const T& b) const {
    return -g * ((a / b) / b);
  }
};

// The quotient cut towards zero. An integer division by zero throws std::domain_error
// ("ZeroDivisionError"), here and in the next three.
struct DivTrunc {
  static constexpr unsigned needs_a = 0, needs_b = 0;
  template <class T> T f(const T& a, const T& b) const { return div_trunc(a, b); }
  template <class T> T vjp_a(const T& g, const T&, const T&) const { return zeros_like(g); }
  template <class T> T vjp_b(const T& g, const T&, const T&) const { return zeros_like(g); }
};

// The quotient's floor.
struct DivFloor {
  static constexpr unsigned needs_a = 0, needs_b = 0;
  template <class T> T f(const T& a, const T& b) const { return div_floor(a, b); }
  template <class T> T vjp_a(const T& g, const T&, const T&) const { return zeros_like(g); }
  template <class T> T vjp_b(const T& g, const T&, const T&) const { return zeros_like(g); }
};

// a - b * floor(a / b): the divisor's sign, as Python's %.
struct Remainder {
  static constexpr unsigned needs_a = 0, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& a, const T& b) const { return remainder(a, b); }
  template <class T> T vjp_a(const T& g, const T&, const T&) const { return g; }
  template <class T> T vjp_b(const T& g, const T& a, const T& b) const {
    return -g * div_floor(a, b);
  }
};

// a - b * trunc(a / b): the dividend's sign, as C's %.
struct Fmod {
  static constexpr unsigned needs_a = 0, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& a, const T& b) const { return fmod(a, b); }
  template <class T> T vjp_a(const T& g, const T&, const T&) const { return g; }
  template <class T> T vjp_b(const T& g, const T& a, const T& b) const {
    return -g * div_trunc(a, b);
  }
};

// Where the derivative is chosen to be 0 its arguments are moved to a harmless place first, or the
// second derivative would meet 0 * inf there.
struct Pow {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& a, const T& b) const { return pow(a, b); }
  template <class T> T vjp_a(const T& g, const T& a, const T& b) const {
    const auto flat = b == 0.0;
    return select(flat, 0.0, g * (b * pow(a, select(flat, 1.0, b) - 1.0)));
  }
  template <class T> T vjp_b(const T& g, const T& a, const T& b) const {
    const auto flat = (a == 0.0) & (b >= 0.0);
    const T base = select(flat, 1.0, a);
    return select(flat, 0.0, g * (pow(base, b) * log(base)));
  }
};

struct Atan2 {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& a, const T& b) const { return atan2(a, b); }
  template <class T> T vjp_a(const T& g, const T& a, const T& b) const {
    return g * b * (1.0 / (a * a + b * b));
  }
  template <class T> T vjp_b(const T& g, const T& a, const T& b) const {
    return g * -a * (1.0 / (a * a + b * b));
  }
};

// NaN wins. Equal operands share the gradient.
struct Maximum {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& a, const T& b) const { return maximum(a, b); }
  template <class T> T vjp_a(const T& g, const T& a, const T& b) const {
    return select(a < b, 0.0, select(a == b, g * 0.5, g));
  }
  template <class T> T vjp_b(const T& g, const T& a, const T& b) const {
    return select(a > b, 0.0, select(a == b, g * 0.5, g));
  }
};

struct Minimum {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& a, const T& b) const { return minimum(a, b); }
  template <class T> T vjp_a(const T& g, const T& a, const T& b) const {
    return select(a > b, 0.0, select(a == b, g * 0.5, g));
  }
  template <class T> T vjp_b(const T& g, const T& a, const T& b) const {
    return select(a < b, 0.0, select(a == b, g * 0.5, g));
  }
};

struct BitwiseAnd {
  template <class T> T f(const T& a, const T& b) const { return a & b; }
};

struct BitwiseOr {
  template <class T> T f(const T& a, const T& b) const { return a | b; }
};

struct BitwiseXor {
  template <class T> T f(const T& a, const T& b) const { return a ^ b; }
};

// The number of places counts modulo the width of an int, or of int64, as x86 does it.
struct ShiftLeft {
  template <class T> T f(const T& a, const T& b) const { return shift_left(a, b); }
};

struct ShiftRight {
  template <class T> T f(const T& a, const T& b) const { return shift_right(a, b); }
};

// Lerp's form of the sum changes at 1/2, so that both ends are met exactly.
struct LerpScalar {
  double weight = 0;
  static constexpr unsigned needs_a = 0, needs_b = 0;
  template <class T> T f(const T& a, const T& b) const {
    const T w = like(a, weight);
    return weight < 0.5 && weight > -0.5 ? mul_add(b - a, w, a) : mul_add(-(b - a), 1.0 - w, b);
  }
  template <class T> T vjp_a(const T& g, const T&, const T&) const { return g * (1.0 - weight); }
  template <class T> T vjp_b(const T& g, const T&, const T&) const { return g * weight; }
};

// ---- ternary: y = f(a, b, c) ----

struct Lerp {  // c is the weight
  static constexpr unsigned needs_a = kNeedsC, needs_b = kNeedsC, needs_c = kNeedsA | kNeedsB;
  template <class T> T f(const T& a, const T& b, const T& c) const {
    return select(abs(c) < 0.5, mul_add(c, b - a, a), mul_add(-(b - a), 1.0 - c, b));
  }
  template <class T> T vjp_a(const T& g, const T&, const T&, const T& c) const {
    return g * (1.0 - c);
  }
  template <class T> T vjp_b(const T& g, const T&, const T&, const T& c) const { return g * c; }
  template <class T> T vjp_c(const T& g, const T& a, const T& b, const T&) const {
    return g * (b - a);
  }
};

// a + value * b * c
struct Addcmul {
  Param value = 1;
  static constexpr unsigned needs_a = 0, needs_b = kNeedsC, needs_c = kNeedsB;
  template <class T> T f(const T& a, const T& b, const T& c) const {
    return mul_add(like(b, value) * b, c, a);
  }
  template <class T> T vjp_a(const T& g, const T&, const T&, const T&) const { return g; }
  template <class T> T vjp_b(const T& g, const T&, const T&, const T& c) const {
    return g * (c * value.d);
  }
  template <class T> T vjp_c(const T& g, const T&, const T& b, const T&) const {
    return g * (b * value.d);
  }
};

// a + value * b / c
struct Addcdiv {
  Param value = 1;
  static constexpr unsigned needs_a = 0, needs_b = kNeedsC, needs_c = kNeedsB | kNeedsC;
  template <class T> T f(const T& a, const T& b, const T& c) const {
    return a + like(b, value) * b / c;
  }
  template <class T> T vjp_a(const T& g, const T&, const T&, const T&) const { return g; }
  template <class T> T vjp_b(const T& g, const T&, const T&, const T& c) const {
    return g * (value.d / c);
  }
  template <class T> T vjp_c(const T& g, const T&, const T& b, const T& c) const {
    return -g * (b * value.d / (c * c));
  }
};

#include "taper/tensor/kernels/formulas_loss-inl.h"
