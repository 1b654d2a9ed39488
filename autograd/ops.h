#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "taper/autograd/elementwise_ops.h"
#include "taper/autograd/linalg.h"
#include "taper/autograd/losses.h"
#include "taper/tensor/indexing.h"
#include "taper/tensor/tensor.h"

// Every public operation, with its formula and shapes; elementwise ones, linear algebra and losses
// in elementwise_ops.h, linalg.h and losses.h, which this header includes. Unless said otherwise an
// operation is differentiable to any order, broadcasts its tensor operands by PyTorch's rules,
// promotes their dtypes, and throws taper::Error naming the shapes or dtypes that it cannot take.
// The names are those of torch::; a method of the same name does the same.
namespace taper {

// --- Choosing ---
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b);  // condition ? a : b
Tensor where(const Tensor& condition, const Tensor& a, const Scalar& b);
Tensor where(const Tensor& condition, const Scalar& a, const Tensor& b);
Tensor where(const Tensor& condition, const Scalar& a, const Scalar& b);
std::vector<Tensor> where(const Tensor& condition);  // nonzero_numpy
Tensor masked_fill(const Tensor& x, const Tensor& mask, const Scalar& value);
Tensor masked_fill(const Tensor& x, const Tensor& mask, const Tensor& value);  // value is 0-dim
Tensor masked_select(const Tensor& x, const Tensor& mask);                     // 1-D
// x with its elements under the mask replaced by source's first ones, in row-major order.
Tensor masked_scatter(const Tensor& x, const Tensor& mask, const Tensor& source);
// y[i][j] = x[index[i][j]][j] for dim 0; y has index's shape.
// The gradient is dense whatever sparse_grad says.
Tensor gather(const Tensor& x, int64_t dim, const Tensor& index, bool sparse_grad = false);
// gather with x and indices broadcast, but for dim; without it, both as if they were 1-D.
Tensor take_along_dim(const Tensor& x, const Tensor& indices,
                      std::optional<int64_t> dim = std::nullopt);
// x with x[index[i][j]][j] += source[i][j] for dim 0.
Tensor scatter_add(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source);
Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source);
Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value);
// reduce "add" or "multiply" joins what is written with what is there; not differentiable.
Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source,
               const std::string& reduce);
Tensor scatter(const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value,
               const std::string& reduce);
Tensor index_select(const Tensor& x, int64_t dim, const Tensor& index);  // index is 1-D
// x with its slice index[k] along dim += alpha * source's slice k.
Tensor index_add(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source,
                 const Scalar& alpha = 1);
Tensor index_copy(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& source);
Tensor index_fill(const Tensor& x, int64_t dim, const Tensor& index, const Scalar& value);
Tensor index_fill(const Tensor& x, int64_t dim, const Tensor& index,
                  const Tensor& value);             // value is 0-dim
Tensor take(const Tensor& x, const Tensor& index);  // x as if it were 1-D; index's shape
// x with source's elements at the places that take() reads, or added there.
Tensor put(const Tensor& x, const Tensor& index, const Tensor& source, bool accumulate = false);
// x indexed by tensors alone, an entry for each of the first dimensions; a missing one is the
// whole. With `accumulate`, values are added, so that several can go to one place.
Tensor index(const Tensor& x, const List<std::optional<Tensor>>& indices);
Tensor index_put(const Tensor& x, const List<std::optional<Tensor>>& indices, const Tensor& values,
                 bool accumulate = false);
Tensor& index_put_(Tensor& x, const List<std::optional<Tensor>>& indices, const Tensor& values,
                   bool accumulate = false);
Tensor one_hot(const Tensor& x,
               int64_t num_classes = -1);  // int64, one dimension more; not differentiable
// weight [V, D], indices [...] of int64 or int32 -> [..., D]. Rows equal to padding_idx get no
// gradient. scale_grad_by_freq divides each row's gradient by how often it was chosen; sparse
// gradients are not to be had.
Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx = -1,
                 bool scale_grad_by_freq = false, bool sparse = false);
Tensor flip(const Tensor& x, IntArrayRef dims);
Tensor fliplr(const Tensor& x);  // along dimension 1
Tensor flipud(const Tensor& x);  // along dimension 0
Tensor tril(const Tensor& x,
            int64_t diagonal = 0);  // zero above the diagonal of the last two dimensions
Tensor triu(const Tensor& x, int64_t diagonal = 0);
Tensor nonzero(const Tensor& x);   // [count, x.dim()] of int64; not differentiable
Tensor argwhere(const Tensor& x);  // nonzero
// nonzero by columns; a 0-dim x counts as having one dimension.
std::vector<Tensor> nonzero_numpy(const Tensor& x);
// [max(x) + 1 or minlength]: how often each number stands in x (1-D, not negative), or the sum of
// its weights. Not differentiable, as what follows up to the shapes.
Tensor bincount(const Tensor& x, const std::optional<Tensor>& weights = std::nullopt,
                int64_t minlength = 0);
// [bins]: how many elements are in each of the equal parts of [min, max], of [x.min(), x.max()] if
// the two are the same. Floating dtypes only.
Tensor histc(const Tensor& x, int64_t bins = 100, const Scalar& min = 0, const Scalar& max = 0);
// Whether each element is among the tests, or is not with `invert`; neither may be Bool.
Tensor isin(const Tensor& elements, const Tensor& tests, bool assume_unique = false,
            bool invert = false);
Tensor isin(const Tensor& elements, const Scalar& test, bool assume_unique = false,
            bool invert = false);
Tensor isin(const Scalar& element, const Tensor& tests, bool assume_unique = false,
            bool invert = false);
// (values, inverse, counts): runs of equal elements, or of equal slices along dim, made one.
std::tuple<Tensor, Tensor, Tensor> unique_consecutive(const Tensor& x, bool return_inverse = false,
                                                      bool return_counts = false,
                                                      std::optional<int64_t> dim = std::nullopt);
// (values in ascending order, inverse, counts) of all elements.
std::tuple<Tensor, Tensor, Tensor> _unique2(const Tensor& x, bool sorted = true,
                                            bool return_inverse = false,
                                            bool return_counts = false);
std::tuple<Tensor, Tensor> _unique(const Tensor& x, bool sorted = true,
                                   bool return_inverse = false);
// The same for slices along dim, in lexicographic order, or for runs of equal ones.
std::tuple<Tensor, Tensor, Tensor> unique_dim_consecutive(const Tensor& x, int64_t dim,
                                                          bool return_inverse = false,
                                                          bool return_counts = false);
std::tuple<Tensor, Tensor, Tensor> unique_dim(const Tensor& x, int64_t dim, bool sorted = true,
                                              bool return_inverse = false,
                                              bool return_counts = false);
// Where each value would go in `sorted` [..., S], ascending along the last dimension: before equal
// elements, or after them with `right`. `sorter` [..., S] sorts an unsorted one.
Tensor searchsorted(const Tensor& sorted, const Tensor& values, bool out_int32 = false,
                    bool right = false, const std::optional<std::string>& side = std::nullopt,
                    const std::optional<Tensor>& sorter = std::nullopt);
Tensor searchsorted(const Tensor& sorted, const Scalar& value, bool out_int32 = false,
                    bool right = false, const std::optional<std::string>& side = std::nullopt,
                    const std::optional<Tensor>& sorter = std::nullopt);
Tensor bucketize(const Scalar& value, const Tensor& boundaries, bool out_int32 = false,
                 bool right = false);
Tensor bucketize(const Tensor& values, const Tensor& boundaries, bool out_int32 = false,
                 bool right = false);

// (x - mean) / sqrt(var + eps) * weight + bias; mean and (biased) var over the last dimensions,
// whose sizes are normalized_shape, as are those of weight and bias.
Tensor layer_norm(const Tensor& x, IntArrayRef normalized_shape,
                  const std::optional<Tensor>& weight = std::nullopt,
                  const std::optional<Tensor>& bias = std::nullopt, double eps = 1e-5,
                  bool cudnn_enable = true);
// In training (`train`) each element is 0 with probability p and else x / (1 - p), drawn in
// row-major order; else x itself.
Tensor dropout(const Tensor& x, double p, bool train);
Tensor& dropout_(Tensor& x, double p, bool train);

// --- Shapes ---
Tensor cat(TensorList tensors, int64_t dim = 0);
Tensor concat(TensorList tensors, int64_t dim = 0);       // cat
Tensor concatenate(TensorList tensors, int64_t dim = 0);  // cat
Tensor stack(TensorList tensors, int64_t dim = 0);
// Sequences [L_i, *], padded at the end to the longest L: [L, B, *], or [B, L, *].
Tensor pad_sequence(TensorList sequences, bool batch_first = false, double padding_value = 0);
// x [T, B, *] (or [B, T, *]) and the lengths of the B sequences, int64 and not growing -> (the rows
// of the sequences that reach it, step by step [sum of lengths, *]; how many these are [longest]).
std::tuple<Tensor, Tensor> _pack_padded_sequence(const Tensor& input, const Tensor& lengths,
                                                 bool batch_first);
// The inverse: (x of at least total_length steps, lengths).
std::tuple<Tensor, Tensor> _pad_packed_sequence(const Tensor& data, const Tensor& batch_sizes,
                                                bool batch_first, const Scalar& padding_value,
                                                int64_t total_length);
Tensor reshape(const Tensor& x, IntArrayRef sizes);
Tensor transpose(const Tensor& x, int64_t dim0, int64_t dim1);
Tensor t(const Tensor& x);
Tensor permute(const Tensor& x, IntArrayRef dims);
Tensor squeeze(const Tensor& x);
Tensor squeeze(const Tensor& x, int64_t dim);
Tensor unsqueeze(const Tensor& x, int64_t dim);
Tensor flatten(const Tensor& x, int64_t start_dim = 0, int64_t end_dim = -1);
Tensor narrow(const Tensor& x, int64_t dim, int64_t start, int64_t length);
Tensor narrow(const Tensor& x, int64_t dim, const Tensor& start, int64_t length);
Tensor slice(const Tensor& x, int64_t dim = 0, std::optional<int64_t> start = std::nullopt,
             std::optional<int64_t> end = std::nullopt, int64_t step = 1);
Tensor select(const Tensor& x, int64_t dim, int64_t index);
std::vector<Tensor> chunk(const Tensor& x, int64_t chunks, int64_t dim = 0);
std::vector<Tensor> split(const Tensor& x, int64_t split_size, int64_t dim = 0);
std::vector<Tensor> split(const Tensor& x, IntArrayRef split_sizes, int64_t dim = 0);
std::vector<Tensor> split_with_sizes(const Tensor& x, IntArrayRef split_sizes, int64_t dim = 0);
std::vector<Tensor> unbind(const Tensor& x, int64_t dim = 0);
// Views of `sections` parts, the first ones longer by one where x does not divide evenly, or of the
// parts between the given indices. hsplit, vsplit and dsplit cut columns (elements of a 1-D x),
// rows and the third dimension, and their sections must be equal.
std::vector<Tensor> tensor_split(const Tensor& x, int64_t sections, int64_t dim = 0);
std::vector<Tensor> tensor_split(const Tensor& x, IntArrayRef indices, int64_t dim = 0);
std::vector<Tensor> tensor_split(const Tensor& x, const Tensor& indices_or_sections,
                                 int64_t dim = 0);
std::vector<Tensor> hsplit(const Tensor& x, int64_t sections);
std::vector<Tensor> hsplit(const Tensor& x, IntArrayRef indices);
std::vector<Tensor> vsplit(const Tensor& x, int64_t sections);
std::vector<Tensor> vsplit(const Tensor& x, IntArrayRef indices);
std::vector<Tensor> dsplit(const Tensor& x, int64_t sections);
std::vector<Tensor> dsplit(const Tensor& x, IntArrayRef indices);
Tensor broadcast_to(const Tensor& x, IntArrayRef sizes);
std::vector<Tensor> broadcast_tensors(TensorList tensors);
Tensor unflatten(const Tensor& x, int64_t dim, IntArrayRef sizes);  // one size may be -1
Tensor ravel(const Tensor& x);                                      // row-major, 1-D
Tensor swapaxes(const Tensor& x, int64_t axis0, int64_t axis1);     // transpose
Tensor swapdims(const Tensor& x, int64_t dim0, int64_t dim1);       // transpose
Tensor adjoint(const Tensor& x);  // the last two dimensions swapped
// The source dimensions at the places `destination`, the others in their order.
Tensor movedim(const Tensor& x, int64_t source, int64_t destination);
Tensor movedim(const Tensor& x, IntArrayRef source, IntArrayRef destination);
Tensor moveaxis(const Tensor& x, int64_t source, int64_t destination);
Tensor moveaxis(const Tensor& x, IntArrayRef source, IntArrayRef destination);
// With at least so many dimensions; a 1-D x is a row for atleast_2d.
Tensor atleast_1d(const Tensor& x);
Tensor atleast_2d(const Tensor& x);
Tensor atleast_3d(const Tensor& x);
std::vector<Tensor> atleast_1d(TensorList tensors);
std::vector<Tensor> atleast_2d(TensorList tensors);
std::vector<Tensor> atleast_3d(TensorList tensors);
Tensor tile(const Tensor& x, IntArrayRef dims);  // x repeated dims[i] times along each dimension
// Each element (slice along dim) repeats times, or repeats[i] times; without dim, x as if it were
// 1-D. The form without x counts: 0 repeats[0] times, 1 repeats[1] times, ...
Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> output_size = std::nullopt);
Tensor repeat_interleave(const Tensor& x, int64_t repeats,
                         std::optional<int64_t> dim = std::nullopt,
                         std::optional<int64_t> output_size = std::nullopt);
Tensor repeat_interleave(const Tensor& x, const Tensor& repeats,
                         std::optional<int64_t> dim = std::nullopt,
                         std::optional<int64_t> output_size = std::nullopt);
// Elements shifted along the dims, those that leave at one end coming in at the other; without
// dims, as if x were 1-D.
Tensor roll(const Tensor& x, IntArrayRef shifts, IntArrayRef dims = {});
// k quarter turns in the plane of two dims, from the first towards the second.
Tensor rot90(const Tensor& x, int64_t k = 1, IntArrayRef dims = {0, 1});
// For 1-D tensors of lengths n1, n2, ...: each expanded to [n1, n2, ...]; indexing "xy" swaps the
// first two dimensions.
// Without `indexing` it is "ij", and a warning is printed once, as PyTorch does.
std::vector<Tensor> meshgrid(TensorList tensors);
std::vector<Tensor> meshgrid(TensorList tensors, const std::string& indexing);
Tensor hstack(TensorList tensors);        // cat of columns, of elements if the first is 1-D
Tensor vstack(TensorList tensors);        // cat of rows
Tensor row_stack(TensorList tensors);     // vstack
Tensor dstack(TensorList tensors);        // cat along the third dimension
Tensor column_stack(TensorList tensors);  // cat of columns; a 1-D tensor is one
// All tuples with one element of each tensor, or all of r elements of x, as rows.
Tensor cartesian_prod(TensorList tensors);
Tensor combinations(const Tensor& x, int64_t r = 2, bool with_replacement = false);
// A 1-D x on the given diagonal of a square of zeros; a 2-D x's diagonal (a copy).
Tensor diag(const Tensor& x, int64_t diagonal = 0);
// x's last dimension on the diagonals of dims dim1 and dim2 of zeros.
Tensor diag_embed(const Tensor& x, int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1);
Tensor diagflat(const Tensor& x, int64_t offset = 0);  // diag(x as if it were 1-D)
// x with `source` in place of its select, slice or diagonal.
Tensor select_scatter(const Tensor& x, const Tensor& source, int64_t dim, int64_t index);
Tensor slice_scatter(const Tensor& x, const Tensor& source, int64_t dim = 0,
                     std::optional<int64_t> start = std::nullopt,
                     std::optional<int64_t> end = std::nullopt, int64_t step = 1);
Tensor diagonal_scatter(const Tensor& x, const Tensor& source, int64_t offset = 0, int64_t dim1 = 0,
                        int64_t dim2 = 1);
// [2, count]: the coordinates of the elements that tril or triu keep, row by row.
Tensor tril_indices(int64_t rows, int64_t columns, int64_t offset = 0,
                    const TensorOptions& options = kInt64);
Tensor triu_indices(int64_t rows, int64_t columns, int64_t offset = 0,
                    const TensorOptions& options = kInt64);
// A view with the given geometry in x's storage; the geometry must stay within it.
Tensor as_strided(const Tensor& x, IntArrayRef sizes, IntArrayRef strides,
                  std::optional<int64_t> offset = std::nullopt);
Tensor diagonal(const Tensor& x, int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1);
Tensor clone(const Tensor& x, std::optional<MemoryFormat> format = std::nullopt);
Tensor detach(const Tensor& x);

// --- Reductions. `dim`: which dimensions go; none given means all. keepdim leaves them with
// size 1. --- Integers and bools add up in int64.
Tensor sum(const Tensor& x, std::optional<ScalarType> dtype = std::nullopt);
Tensor sum(const Tensor& x, OptionalIntArrayRef dim, bool keepdim = false,
           std::optional<ScalarType> dtype = std::nullopt);
Tensor mean(const Tensor& x, std::optional<ScalarType> dtype = std::nullopt);
Tensor mean(const Tensor& x, OptionalIntArrayRef dim, bool keepdim = false,
            std::optional<ScalarType> dtype = std::nullopt);
Tensor prod(const Tensor& x, std::optional<ScalarType> dtype = std::nullopt);
Tensor prod(const Tensor& x, int64_t dim, bool keepdim = false,
            std::optional<ScalarType> dtype = std::nullopt);
// The same with NaN taken for nothing.
Tensor nansum(const Tensor& x, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
              std::optional<ScalarType> dtype = std::nullopt);
Tensor nanmean(const Tensor& x, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
               std::optional<ScalarType> dtype = std::nullopt);
Tensor max(const Tensor& x);  // ties share the gradient
Tensor min(const Tensor& x);
// (values, int64 indices of the first such element); the gradient goes to that element.
std::tuple<Tensor, Tensor> max(const Tensor& x, int64_t dim, bool keepdim = false);
std::tuple<Tensor, Tensor> min(const Tensor& x, int64_t dim, bool keepdim = false);
Tensor amax(const Tensor& x, IntArrayRef dim = {},
            bool keepdim = false);  // ties share the gradient
Tensor amin(const Tensor& x, IntArrayRef dim = {}, bool keepdim = false);
// (amin, amax) over one dimension or all.
std::tuple<Tensor, Tensor> aminmax(const Tensor& x, std::optional<int64_t> dim = std::nullopt,
                                   bool keepdim = false);
// The lower of the two middle elements; NaN if there is one, which nanmedian leaves out. (values,
// indices) along dim: of equal elements the one that a stable sort puts in the middle.
Tensor median(const Tensor& x);
std::tuple<Tensor, Tensor> median(const Tensor& x, int64_t dim, bool keepdim = false);
Tensor nanmedian(const Tensor& x);
std::tuple<Tensor, Tensor> nanmedian(const Tensor& x, int64_t dim, bool keepdim = false);
// The k-th smallest, counting from 1: (values, indices). Which of equal elements is named is what
// libtorch's selection gives.
std::tuple<Tensor, Tensor> kthvalue(const Tensor& x, int64_t k, int64_t dim = -1,
                                    bool keepdim = false);
// The least of the most frequent elements, and where one of them is.
std::tuple<Tensor, Tensor> mode(const Tensor& x, int64_t dim = -1, bool keepdim = false);
// The element at q (n - 1) of the sorted ones, for q in [0, 1] or a 1-D list of such, which becomes
// the first dimension. Between two elements: "linear", "lower", "higher", "midpoint" or "nearest".
Tensor quantile(const Tensor& x, double q, std::optional<int64_t> dim = std::nullopt,
                bool keepdim = false, std::string_view interpolation = "linear");
Tensor quantile(const Tensor& x, const Tensor& q, std::optional<int64_t> dim = std::nullopt,
                bool keepdim = false, std::string_view interpolation = "linear");
Tensor count_nonzero(const Tensor& x, IntArrayRef dim);
Tensor count_nonzero(const Tensor& x, std::optional<int64_t> dim = std::nullopt);
Tensor argmax(const Tensor& x, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
Tensor argmin(const Tensor& x, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
// sum((x - mean)^2) / (n - 1), or / n if not unbiased, or / (n - correction), 1 if not given.
Tensor var(const Tensor& x, bool unbiased = true);
Tensor var(const Tensor& x, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
Tensor var(const Tensor& x, OptionalIntArrayRef dim, std::optional<int64_t> correction,
           bool keepdim = false);
Tensor std(const Tensor& x, bool unbiased = true);
Tensor std(const Tensor& x, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
Tensor std(const Tensor& x, OptionalIntArrayRef dim, std::optional<int64_t> correction,
           bool keepdim = false);
// (std or var, mean)
std::tuple<Tensor, Tensor> var_mean(const Tensor& x, bool unbiased = true);
std::tuple<Tensor, Tensor> var_mean(const Tensor& x, OptionalIntArrayRef dim, bool unbiased = true,
                                    bool keepdim = false);
std::tuple<Tensor, Tensor> var_mean(const Tensor& x, OptionalIntArrayRef dim,
                                    std::optional<int64_t> correction, bool keepdim = false);
std::tuple<Tensor, Tensor> std_mean(const Tensor& x, bool unbiased = true);
std::tuple<Tensor, Tensor> std_mean(const Tensor& x, OptionalIntArrayRef dim, bool unbiased = true,
                                    bool keepdim = false);
std::tuple<Tensor, Tensor> std_mean(const Tensor& x, OptionalIntArrayRef dim,
                                    std::optional<int64_t> correction, bool keepdim = false);
// One dimension, which would else become the bool.
inline Tensor var(const Tensor& x, int dim) { return var(x, IntArrayRef{dim}); }
inline Tensor std(const Tensor& x, int dim) { return std(x, IntArrayRef{dim}); }
inline std::tuple<Tensor, Tensor> var_mean(const Tensor& x, int dim) {
  return var_mean(x, IntArrayRef{dim});
}
inline std::tuple<Tensor, Tensor> std_mean(const Tensor& x, int dim) {
  return std_mean(x, IntArrayRef{dim});
}
// (sum |x|^p)^(1/p); p = inf, -inf and 0 as usual.
Tensor norm(const Tensor& x, const Scalar& p = 2);
Tensor norm(const Tensor& x, const std::optional<Scalar>& p, ScalarType dtype);
Tensor norm(const Tensor& x, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim = false);
Tensor norm(const Tensor& x, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim,
            ScalarType dtype);
Tensor dist(const Tensor& a, const Tensor& b, const Scalar& p = 2);  // norm(a - b, p)
// x with each slice along dim whose p-norm is over maxnorm scaled down to it.
Tensor renorm(const Tensor& x, const Scalar& p, int64_t dim, const Scalar& maxnorm);
Tensor logsumexp(const Tensor& x, IntArrayRef dim,
                 bool keepdim = false);  // log(sum(exp(x))), without overflow
Tensor all(const Tensor& x);
Tensor all(const Tensor& x, int64_t dim, bool keepdim = false);
Tensor any(const Tensor& x);
Tensor any(const Tensor& x, int64_t dim, bool keepdim = false);
Tensor cumsum(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
Tensor cumprod(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
Tensor logcumsumexp(const Tensor& x, int64_t dim);  // log(cumsum(exp(x))), without overflow
// (the greatest, least so far, where the last of it is); NaN wins.
std::tuple<Tensor, Tensor> cummax(const Tensor& x, int64_t dim);
std::tuple<Tensor, Tensor> cummin(const Tensor& x, int64_t dim);
// x[i + 1] - x[i] along dim, n times, of x with prepend before it and append after it.
Tensor diff(const Tensor& x, int64_t n = 1, int64_t dim = -1,
            const std::optional<Tensor>& prepend = {}, const std::optional<Tensor>& append = {});
// The area under y along dim by trapezoids between points at x, or dx apart.
Tensor trapezoid(const Tensor& y, const Tensor& x, int64_t dim = -1);
Tensor trapezoid(const Tensor& y, const Scalar& dx = 1, int64_t dim = -1);
Tensor trapz(const Tensor& y, const Tensor& x, int64_t dim = -1);
Tensor trapz(const Tensor& y, double dx = 1, int64_t dim = -1);
Tensor softmax(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
Tensor log_softmax(const Tensor& x, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
// (values, int64 indices), NaN last in ascending order. `stable` keeps the order of equal elements;
// otherwise it is what libtorch's sort gives.
std::tuple<Tensor, Tensor> sort(const Tensor& x, int64_t dim = -1, bool descending = false);
std::tuple<Tensor, Tensor> sort(const Tensor& x, std::optional<bool> stable, int64_t dim = -1,
                                bool descending = false);
Tensor msort(const Tensor& x);  // sorted along the first dimension
// The k greatest (least). Unsorted, or among equal elements, the order is that of libtorch's
// selection.
std::tuple<Tensor, Tensor> topk(const Tensor& x, int64_t k, int64_t dim = -1, bool largest = true,
                                bool sorted = true);
Tensor argsort(const Tensor& x, int64_t dim = -1, bool descending = false);
// argsort(x, stable, dim, descending): a template, or argsort(x, 0) would be ambiguous.
template <class Bool, class = std::enable_if_t<std::is_same_v<Bool, bool>>>
Tensor argsort(const Tensor& x, Bool stable, int64_t dim = -1, bool descending = false) {
  return stable ? detail::stable_argsort(x, dim, descending) : argsort(x, dim, descending);
}

}  // namespace taper
