#pragma once

#include <cstdint>

/// Functions that the C library lacks, one number at a time. Relative errors of at most 1e-14, but
/// near a zero of the function, where the absolute error is as small.
namespace taper::kernels {

/// y with erf(y) = x; infinite at -1 and 1, NaN beyond.
double erfinv(double x);

/// log(|gamma(x)|), without the C library's global sign.
double log_gamma(double x);
float log_gamma(float x);

/// The n-th derivative of digamma, which is log(gamma)'s; n >= 0. At 0 digamma is -inf from the
/// right and inf from the left; it is NaN at the poles -1, -2, ..., where the others are infinite.
double polygamma(std::int64_t n, double x);
float polygamma(std::int64_t n, float x);

}  // namespace taper::kernels
