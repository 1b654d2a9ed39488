// The formulas with one operand that are used more rarely: logarithms and powers to other bases,
// trigonometric and hyperbolic functions with their inverses, special functions. By the rules of
// formulas-inl.h.

// clang-format off

struct Exp2 {
  static constexpr Saves saves = Saves::kOutput;
  template <class T> T f(const T& x) const { return exp2(x); }
  template <class T> T vjp(const T& g, const T& y) const { return g * y * 0.69314718055994531; }
};

struct Log2 {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return log2(x); }
  template <class T> T vjp(const T& g, const T& x) const { return g / (x * 0.69314718055994531); }
};

struct Log10 {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return log10(x); }
  template <class T> T vjp(const T& g, const T& x) const { return g / (x * 2.3025850929940457); }
};

struct Tan {
  static constexpr Saves saves = Saves::kOutput;
  template <class T> T f(const T& x) const { return tan(x); }
  template <class T> T vjp(const T& g, const T& y) const { return g * (y * y + 1.0); }
};

struct Asin {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return asin(x); }
  template <class T> T vjp(const T& g, const T& x) const { return g * rsqrt(1.0 - x * x); }
};

struct Acos {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return acos(x); }
  template <class T> T vjp(const T& g, const T& x) const { return g * -rsqrt(1.0 - x * x); }
};

struct Atan {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return atan(x); }
  template <class T> T vjp(const T& g, const T& x) const { return g / (x * x + 1.0); }
};

struct Sinh {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return sinh(x); }
  template <class T> T vjp(const T& g, const T& x) const { return g * cosh(x); }
};

struct Cosh {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return cosh(x); }
  template <class T> T vjp(const T& g, const T& x) const { return g * sinh(x); }
};

struct Asinh {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return asinh(x); }
  template <class T> T vjp(const T& g, const T& x) const { return g * rsqrt(x * x + 1.0); }
};

struct Acosh {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return acosh(x); }
  template <class T> T vjp(const T& g, const T& x) const { return g * rsqrt(x * x - 1.0); }
};

struct Atanh {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return atanh(x); }
  template <class T> T vjp(const T& g, const T& x) const { return g / (1.0 - x * x); }
};

struct Erfc {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return erfc(x); }
  template <class T> T vjp(const T& g, const T& x) const {
    return g * -1.1283791670955126 * exp(-(x * x));  // -2 / sqrt(pi)
  }
};

struct Erfinv {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return erfinv(x); }
  template <class T> T vjp(const T& g, const T& x) const {
    const T y = erfinv(x);
    return g * 0.88622692545275801 * exp(y * y);  // sqrt(pi) / 2
  }
};

struct Lgamma {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return lgamma(x); }
  template <class T> T vjp(const T& g, const T& x) const { return g * polygamma(0, x); }
};

// The n-th derivative of digamma.
struct Polygamma {
  std::int64_t n = 0;
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const { return polygamma(n, x); }
  template <class T> T vjp(const T& g, const T& x) const { return g * polygamma(n + 1, x); }
};

// sin(pi x) / (pi x), and 1 at 0.
struct Sinc {
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const {
    const T turn = x * 3.1415926535897931;
    return select(x == 0.0, 1.0, sin(turn) / turn);
  }
  template <class T> T vjp(const T& g, const T& x) const {
    // Near 0 the difference below would cancel: -pi^2 x / 3 (1 - pi^2 x^2 / 10) there.
    const auto near = abs(x) < 1e-3;
    const T close = x * -3.2898681336964528 * (1.0 - x * x * 0.98696044010893586);
    const T away = select(near, 1.0, x);
    const T turn = away * 3.1415926535897931;
    return g * select(near, close, (turn * cos(turn) - sin(turn)) / (turn * away));
  }
};

// log(x / (1 - x)), with x clamped to [eps, 1 - eps] where there is an eps.
struct Logit {
  double eps = 0;
  bool clamps = false;
  static constexpr Saves saves = Saves::kInput;
  template <class T> T f(const T& x) const {
    const T low = like(x, eps), high = 1.0 - low;
    const T z = clamps ? select(x < low, low, select(x > high, high, x)) : x;
    return log(z / (1.0 - z));
  }
  template <class T> T vjp(const T& g, const T& x) const {
    const auto inside = (x >= eps) & (x <= 1.0 - eps);
    return select(inside, g / (x * (1.0 - x)), clamps ? 0.0 : NAN);
  }
};
