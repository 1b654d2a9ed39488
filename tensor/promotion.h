#pragma once

#include "taper/tensor/tensor.h"

// Type promotion by PyTorch's rules.
namespace taper {

ScalarType promote_types(ScalarType a, ScalarType b);

// The dtype in which operands of mixed kinds meet: tensors with dimensions count before 0-dim
// tensors, these before C++ numbers, and a later group decides only if it is of a higher category
// (bool < integral < floating).
ScalarType result_type(const Tensor& a, const Tensor& b);
ScalarType result_type(const Tensor& a, const Scalar& b);
ScalarType result_type(TensorList tensors);
ScalarType result_type(const Scalar& a, const Tensor& b);
ScalarType result_type(const Scalar& a, const Scalar& b);
bool can_cast(ScalarType from, ScalarType to);

// PyTorch's C++ spellings.
inline ScalarType promoteTypes(ScalarType a, ScalarType b) { return promote_types(a, b); }
inline bool canCast(ScalarType from, ScalarType to) { return can_cast(from, to); }

}  // namespace taper
