// The formulas with two and three operands, by the rules of formulas-inl.h.

// clang-format off

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

// NaN loses. The first operand takes the gradient of a tie.
struct Fmax {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& a, const T& b) const { return fmax(a, b); }
  template <class T> T vjp_a(const T& g, const T& a, const T& b) const {
    return select((a >= b) | (b != b), g, 0.0);
  }
  template <class T> T vjp_b(const T& g, const T& a, const T& b) const {
    return select((a >= b) | (b != b), 0.0, g);
  }
};

struct Fmin {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& a, const T& b) const { return fmin(a, b); }
  template <class T> T vjp_a(const T& g, const T& a, const T& b) const {
    return select((a <= b) | (b != b), g, 0.0);
  }
  template <class T> T vjp_b(const T& g, const T& a, const T& b) const {
    return select((a <= b) | (b != b), 0.0, g);
  }
};

// clamp with a tensor of bounds: at the bound the gradient is x's.
struct ClampMin {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& x, const T& low) const { return maximum(low, x); }
  template <class T> T vjp_a(const T& g, const T& x, const T& low) const {
    return select(x >= low, g, 0.0);
  }
  template <class T> T vjp_b(const T& g, const T& x, const T& low) const {
    return select(x < low, g, 0.0);
  }
};

struct ClampMax {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& x, const T& high) const { return minimum(high, x); }
  template <class T> T vjp_a(const T& g, const T& x, const T& high) const {
    return select(x <= high, g, 0.0);
  }
  template <class T> T vjp_b(const T& g, const T& x, const T& high) const {
    return select(x > high, g, 0.0);
  }
};

struct Hypot {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& a, const T& b) const { return hypot(a, b); }
  template <class T> T vjp_a(const T& g, const T& a, const T& b) const {
    return g * (a / hypot(a, b));
  }
  template <class T> T vjp_b(const T& g, const T& a, const T& b) const {
    return g * (b / hypot(a, b));
  }
};

// log(exp(a) + exp(b)), the greater taken out so that nothing overflows; equal infinities have no
// difference.
struct Logaddexp {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& a, const T& b) const {
    const T sum = maximum(a, b) + log1p(exp(-abs(a - b)));
    return select((a == b) & (abs(a) == HUGE_VAL), a, sum);
  }
  template <class T> T vjp_a(const T& g, const T& a, const T& b) const {
    return g / (exp(b - a) + 1.0);
  }
  template <class T> T vjp_b(const T& g, const T& a, const T& b) const {
    return g / (exp(a - b) + 1.0);
  }
};

struct Logaddexp2 {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& a, const T& b) const {
    const T sum = maximum(a, b) + log1p(exp2(-abs(a - b))) * 1.4426950408889634;
    return select((a == b) & (abs(a) == HUGE_VAL), a, sum);
  }
  template <class T> T vjp_a(const T& g, const T& a, const T& b) const {
    return g / (exp2(b - a) + 1.0);
  }
  template <class T> T vjp_b(const T& g, const T& a, const T& b) const {
    return g / (exp2(a - b) + 1.0);
  }
};

// a log(b), and 0 where a is 0 and b a number.
struct Xlogy {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& a, const T& b) const { return xlogy(a, b); }
  template <class T> T vjp_a(const T& g, const T& a, const T& b) const {
    return select((a == 0.0) & (b <= 0.0), 0.0, xlogy(g, b));
  }
  template <class T> T vjp_b(const T& g, const T& a, const T& b) const { return g * a / b; }
};

struct Copysign {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = 0;
  template <class T> T f(const T& a, const T& b) const { return copysign(a, b); }
  template <class T> T vjp_a(const T& g, const T& a, const T& b) const {
    return select(a == 0.0, 0.0, g * (copysign(a, b) / a));
  }
  template <class T> T vjp_b(const T& g, const T&, const T&) const { return zeros_like(g); }
};

// 0 below 0, b at 0, 1 above.
struct Heaviside {
  template <class T> T f(const T& a, const T& b) const { return heaviside(a, b); }
};

struct Nextafter {
  template <class T> T f(const T& a, const T& b) const { return nextafter(a, b); }
};

struct Gcd {
  template <class T> T f(const T& a, const T& b) const { return gcd(a, b); }
};

struct Lcm {
  template <class T> T f(const T& a, const T& b) const { return lcm(a, b); }
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

// min(max(x, low), high). Where low > high, high wins and low has no gradient.
struct ClampBetween {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB | kNeedsC,
                            needs_b = kNeedsA | kNeedsB | kNeedsC, needs_c = needs_b;
  template <class T> T f(const T& x, const T& low, const T& high) const {
    return minimum(high, maximum(low, x));
  }
  template <class T> T vjp_a(const T& g, const T& x, const T& low, const T& high) const {
    return select((x >= low) & (x <= high), g, 0.0);
  }
  template <class T> T vjp_b(const T& g, const T& x, const T& low, const T& high) const {
    return select((low < high) & (x < low), g, 0.0);
  }
  template <class T> T vjp_c(const T& g, const T& x, const T& low, const T& high) const {
    return select((x > high) | (high < low), g, 0.0);
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
