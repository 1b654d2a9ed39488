// No guard, no includes: random_maps.cpp includes this once for each instruction set, inside that
// set's target region. `D` is a Highway tag of float, at most 8 lanes; the target has FMA.
//
// The formulas are Cephes' logf, sinf and cosf (S. L. Moshier), evaluated as the AVX2 build of
// PyTorch does, roundings included; ScalarFloat in random_maps.cpp must follow every change.
// Errors and range are those of a random number map: x in (0, 1] for log, [0, 2 pi] for sin and
// cos, each within 2 ULP of the result or 2^-24 absolute.

// y * x + c for each further coefficient c.
template <class D, class V>
HWY_INLINE V Horner(D d, V x, const float* coefficients, int count) {
  V y = hn::Set(d, coefficients[0]);
  for (int i = 1; i < count; ++i) y = hn::MulAdd(y, x, hn::Set(d, coefficients[i]));
  return y;
}

// log(x) for normal x > 0: x = m * 2^e with m in [sqrt(1/2), sqrt(2)), log1p(m - 1) by polynomial.
template <class D, class V>
HWY_INLINE V LogPositive(D d, V x) {
  const hn::RebindToSigned<D> di;
  const auto bits = hn::BitCast(di, x);
  const auto exponent = hn::Sub(hn::ShiftRight<23>(bits), hn::Set(di, 126));
  const auto mantissa = hn::Or(hn::And(bits, hn::Set(di, 0x007fffff)), hn::Set(di, 0x3f000000));
  const V m = hn::BitCast(d, mantissa);  // [0.5, 1)
  const auto low = hn::Lt(m, hn::Set(d, cephes::kSqrtHalf));
  const V e = hn::Sub(hn::ConvertTo(d, exponent), hn::IfThenElseZero(low, hn::Set(d, 1.0f)));
  const V f = hn::Add(hn::Sub(m, hn::Set(d, 1.0f)), hn::IfThenElseZero(low, m));
  const V z = hn::Mul(f, f);
  const V p = hn::Mul(Horner(d, f, cephes::kLog, 9), f);
  V y = hn::MulAdd(p, z, hn::Mul(e, hn::Set(d, cephes::kLn2Low)));
  y = hn::NegMulAdd(z, hn::Set(d, 0.5f), y);
  return hn::MulAdd(e, hn::Set(d, cephes::kLn2High), hn::Add(f, y));
}

// sin(x) and cos(x) for x in [0, 8192]: x less the nearest even multiple of pi/4 (in three parts),
// then one polynomial each, and the octant says which is which and their signs.
template <class D, class V>
HWY_INLINE void SinCosNonNegative(D d, V x, V& sin, V& cos) {
  const hn::RebindToSigned<D> di;
  const auto one = hn::Set(di, 1);
  auto octant = hn::ConvertTo(di, hn::Mul(x, hn::Set(d, cephes::kFourOverPi)));
  octant = hn::AndNot(one, hn::Add(octant, one));
  const V y = hn::ConvertTo(d, octant);
  V t = hn::MulAdd(y, hn::Set(d, -cephes::kQuarterPi[0]), x);
  t = hn::MulAdd(y, hn::Set(d, -cephes::kQuarterPi[1]), t);
  t = hn::MulAdd(y, hn::Set(d, -cephes::kQuarterPi[2]), t);
  const V z = hn::Mul(t, t);
  V c = hn::Mul(Horner(d, z, cephes::kCos, 3), z);
  c = hn::MulSub(c, z, hn::Mul(z, hn::Set(d, 0.5f)));
  c = hn::Add(c, hn::Set(d, 1.0f));
  const V s = hn::MulAdd(hn::Mul(Horner(d, z, cephes::kSin, 3), z), t, t);

  const auto two = hn::Set(di, 2);
  const auto four = hn::Set(di, 4);
  const auto straight = hn::RebindMask(d, hn::Eq(hn::And(octant, two), hn::Zero(di)));
  // Bit 2 of the octant becomes the sign bit.
  const V sin_sign = hn::BitCast(d, hn::ShiftLeft<29>(hn::And(octant, four)));
  const V cos_sign = hn::BitCast(d, hn::ShiftLeft<29>(hn::AndNot(hn::Sub(octant, two), four)));
  sin = hn::Xor(hn::IfThenElse(straight, s, c), sin_sign);
  cos = hn::Xor(hn::IfThenElse(straight, c, s), cos_sign);
}
