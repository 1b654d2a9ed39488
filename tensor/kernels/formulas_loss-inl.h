// The formulas of losses of one element x of a prediction and its target t; a part of
// formulas-inl.h, with its rules.

// clang-format off

// (x - t)^2
struct MseLoss {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& x, const T& t) const { return (x - t) * (x - t); }
  template <class T> T vjp_a(const T& g, const T& x, const T& t) const { return g * 2.0 * (x - t); }
  template <class T> T vjp_b(const T& g, const T& x, const T& t) const { return g * 2.0 * (t - x); }
};

// d = |x - t|: d < beta ? d^2 / (2 beta) : d - beta / 2
struct SmoothL1Loss {
  double beta = 1;
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& x, const T& t) const {
    const T d = abs(x - t);
    return select(d < beta, d * d * 0.5 / beta, d - 0.5 * beta);
  }
  template <class T> T vjp_a(const T& g, const T& x, const T& t) const { return slope(g, x - t); }
  template <class T> T vjp_b(const T& g, const T& x, const T& t) const { return slope(g, t - x); }
  template <class T> T slope(const T& g, const T& d) const {
    if (beta == 0.0) return select(d <= 0.0, -g, select(d >= 0.0, g, d));  // else d is NaN
    return select(d <= -beta, -g, select(d >= beta, g, g * d / beta));
  }
};

// d = |x - t|: d <= delta ? d^2 / 2 : delta (d - delta / 2)
struct HuberLoss {
  double delta = 1;
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& x, const T& t) const {
    const T d = abs(x - t);
    return select(d <= delta, d * d * 0.5, (d - 0.5 * delta) * delta);
  }
  template <class T> T vjp_a(const T& g, const T& x, const T& t) const { return slope(g, x - t); }
  template <class T> T vjp_b(const T& g, const T& x, const T& t) const { return slope(g, t - x); }
  template <class T> T slope(const T& g, const T& d) const {
    return select(d <= -delta, g * -delta, select(d >= delta, g * delta, g * d));
  }
};

// log(1 + exp(-t x))
struct SoftMarginLoss {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA | kNeedsB;
  template <class T> T f(const T& x, const T& t) const { return log1p(exp(-(t * x))); }
  template <class T> T vjp_a(const T& g, const T& x, const T& t) const {
    const T e = exp(-(t * x));
    return -g * t * e / (e + 1.0);
  }
  template <class T> T vjp_b(const T& g, const T& x, const T& t) const { return vjp_a(g, t, x); }
};

// -(t log(x) + (1 - t) log(1 - x)), the logarithms not below -100; x in [0, 1]
struct BinaryCrossEntropy {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA;
  template <class T> T f(const T& x, const T& t) const {
    const T low = like(x, -100);
    return (t - 1.0) * maximum(log1p(-x), low) - t * maximum(log(x), low);
  }
  template <class T> T vjp_a(const T& g, const T& x, const T& t) const {
    const T spread = (1.0 - x) * x;
    const double least = static_cast<double>(1e-12F);
    return g * (x - t) / select(spread > least, spread, least);
  }
  template <class T> T vjp_b(const T& g, const T& x, const T&) const {
    return g * (log(1.0 - x) - log(x));
  }
};

// The same for x = sigmoid(z): (1 - t) z + log(1 + exp(-z)), without overflow for any z.
struct BinaryCrossEntropyWithLogits {
  static constexpr unsigned needs_a = kNeedsA | kNeedsB, needs_b = kNeedsA;
  template <class T> T f(const T& z, const T& t) const {
    const T m = maximum(-z, like(z, 0));
    return (1.0 - t) * z + m + log(exp(-m) + exp(-z - m));
  }
  template <class T> T vjp_a(const T& g, const T& z, const T& t) const {
    return (sigmoid(z) - t) * g;
  }
  template <class T> T vjp_b(const T& g, const T& z, const T&) const { return -z * g; }
};

// clang-format on
