#pragma once

#include <cstdint>

#include "taper/tensor/kernels/scalar_type.h"

/// Searching, counting and making equal elements one, over dense arrays. Where the order or the
/// treatment of NaN is not defined by the operation, it is libtorch's on the same standard library.
namespace taper::kernels {

/// positions[r][i]: where values[r][i] goes in row r of `sorted` [rows, length] (the one row for
/// all if `shared`), before equal elements, or after them if `right`. The element at place k of a
/// row is the one at sorter[r][k], if there is a sorter. Every dtype but Bool.
void searchsorted(ScalarType type, std::int64_t rows, std::int64_t length, bool shared,
                  const void* sorted, const std::int64_t* sorter, std::int64_t values_per_row,
                  const void* values, bool right, std::int64_t* positions);

/// counts[x[i]] += 1 for n integers that are within counts.
void bincount(ScalarType type, std::int64_t n, const void* x, std::int64_t* counts);
/// sums[x[i]] += weights[i] in floats.
void bincount(ScalarType type, std::int64_t n, const void* x, ScalarType weight_type,
              const void* weights, void* sums);

/// counts[k] += 1 for each x[i] in the k-th of `bins` equal parts of [low, high]; counts are of x's
/// floating dtype. NaN counts in the first part.
void histogram(ScalarType type, std::int64_t n, const void* x, double low, double high,
               std::int64_t bins, void* counts);

/// The distinct ones of n elements, how many there are returned: values has room for n. inverse [n]
/// (the position of each element's value) and counts [n] may be null.
std::int64_t unique(ScalarType type, std::int64_t n, const void* x, bool sorted, void* values,
                    std::int64_t* inverse, std::int64_t* counts);
/// The same for runs of equal elements.
std::int64_t unique_consecutive(ScalarType type, std::int64_t n, const void* x, void* values,
                                std::int64_t* inverse, std::int64_t* counts);
/// The same for the rows of x [rows, width], rows >= 1, in lexicographic order if not consecutive:
/// picked [rows] are the numbers of the rows that stay.
std::int64_t unique_rows(ScalarType type, std::int64_t rows, std::int64_t width, const void* x,
                         bool consecutive, std::int64_t* picked, std::int64_t* inverse,
                         std::int64_t* counts);

}  // namespace taper::kernels
