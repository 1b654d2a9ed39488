// Every elementwise formula with its vector-Jacobian product, for any element: a SIMD vector, an
// integer, a Tensor. No guard, includes or namespace: formulas.h and each instruction set's part of
// the kernels include these lines inside their own namespace.
//
// The vjp bodies use only + - * / and unary -, comparisons, & and | on masks, constants as double,
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

// Half to even at a power of ten: x * scale is rounded, or x / scale.
struct RoundDecimals {
  double scale = 1;
  bool divides = false;
  static constexpr Saves saves = Saves::kNothing;
  template <class T> T f(const T& x) const {
    return divides ? round(x / scale) * scale : round(x * scale) / scale;
  }
  template <class T> T vjp(const T& g, const T&) const { return zeros_like(g); }
};

// Towards zero.
struct Trunc {
  static constexpr Saves saves = Saves::kNothing;
  template <class T> T f(const T& x) const { return trunc(x); }
  template <class T> T vjp(const T& g, const T&) const { return zeros_like(g); }
};

struct Frac {
  static constexpr Saves saves = Saves::kNothing;
  template <class T> T f(const T& x) const { return x - trunc(x); }
  template <class T> T vjp(const T& g, const T&) const { return g; }
};

struct NanToNum {
  double nan = 0, high = 0, low = 0;
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const {
    const T y = select(x == HUGE_VAL, high, select(x == -HUGE_VAL, low, x));
    return select(x == x, y, nan);
  }
  template <class T> T vjp(const T& g, const T& x) const {
    return select(abs(x) < HUGE_VAL, g, 0.0);
  }
};

struct Deg2rad {
  static constexpr Saves saves = Saves::kNothing;
  template <class T> T f(const T& x) const { return x * 0.017453292519943295; }
  template <class T> T vjp(const T& g, const T&) const { return g * 0.017453292519943295; }
};

struct Rad2deg {
  static constexpr Saves saves = Saves::kNothing;
  template <class T> T f(const T& x) const { return x * 57.295779513082323; }
  template <class T> T vjp(const T& g, const T&) const { return g * 57.295779513082323; }
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
