#pragma once

#include <cstdint>
#include <iosfwd>

#include "taper/tensor/kernels/scalar_type.h"

/// Printing as libtorch prints. The operators for Tensor, Scalar, Device and IntArrayRef are
/// declared beside their types.
namespace taper {

class Tensor;

std::ostream& operator<<(std::ostream& out, ScalarType type);  // Float

/// The elements in columns, lines of about `line_size` characters, a matrix at a time under a
/// header (1,2,.,.) if there are more dimensions, then [ CPUFloatType{2,3} ]. Numbers of very
/// different or unusual sizes are printed in scientific form or under a common factor. What
/// operator<< does with lines of 80.
std::ostream& print(std::ostream& out, const Tensor& tensor, std::int64_t line_size);
/// To std::cout.
void print(const Tensor& tensor, std::int64_t line_size = 80);

}  // namespace taper
