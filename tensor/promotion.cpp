#include "taper/tensor/promotion.h"

namespace taper {
namespace {

// Higher categories win over lower ones whatever the number of bits.
int category(ScalarType t) { return is_floating_point(t) ? 2 : t == kBool ? 0 : 1; }

// The widest dtype of each group of operands.
class ResultType {
 public:
  void add(const Tensor& t) {
    ScalarType& group = t.dim() > 0                               ? dimensioned_
                        : t.unsafeGetTensorImpl()->wrapped_number ? number_
                                                                  : zero_dim_;
    // A C++ number in floating point says no more than "floating": it takes the default dtype.
    ScalarType dtype = t.scalar_type();
    if (&group == &number_ && is_floating_point(dtype)) dtype = get_default_dtype();
    widen(group, dtype);
  }
  void add(const Scalar& s) {
    widen(number_, s.isFloatingPoint() ? get_default_dtype_as_scalartype() : s.type());
  }
  ScalarType get() const { return combine(dimensioned_, combine(zero_dim_, number_)); }

 private:
  static void widen(ScalarType& group, ScalarType dtype) {
    group = group == ScalarType::Undefined ? dtype : promote_types(group, dtype);
  }
  static ScalarType combine(ScalarType high, ScalarType low) {
    if (high == ScalarType::Undefined) return low;
    if (low == ScalarType::Undefined) return high;
    return category(low) > category(high) ? promote_types(high, low) : high;
  }
  ScalarType dimensioned_ = ScalarType::Undefined;
  ScalarType zero_dim_ = ScalarType::Undefined;
  ScalarType number_ = ScalarType::Undefined;
};

}  // namespace

ScalarType promote_types(ScalarType a, ScalarType b) {
  if (a == b) return a;
  if (is_floating_point(a) || is_floating_point(b)) {
    return a == kFloat64 || b == kFloat64 ? kFloat64 : kFloat32;
  }
  // bool < uint8 < int32 < int64
  auto rank = [](ScalarType t) { return t == kBool ? 0 : t == kUInt8 ? 1 : t == kInt32 ? 2 : 3; };
  return rank(a) > rank(b) ? a : b;
}

ScalarType result_type(const Tensor& a, const Tensor& b) {
  if (a.scalar_type() == b.scalar_type() && !a.unsafeGetTensorImpl()->wrapped_number &&
      !b.unsafeGetTensorImpl()->wrapped_number) {
    return a.scalar_type();
  }
  ResultType r;
  r.add(a);
  r.add(b);
  return r.get();
}

ScalarType result_type(const Tensor& a, const Scalar& b) {
  ResultType r;
  r.add(a);
  r.add(b);
  return r.get();
}

ScalarType result_type(const Scalar& a, const Tensor& b) { return result_type(b, a); }

ScalarType result_type(const Scalar& a, const Scalar& b) {
  ResultType r;
  r.add(a);
  r.add(b);
  return r.get();
}

ScalarType result_type(TensorList tensors) {
  ResultType r;
  for (const Tensor& t : tensors) r.add(t);
  return r.get();
}

bool can_cast(ScalarType from, ScalarType to) { return category(from) <= category(to); }

}  // namespace taper
