#pragma once

#include <torch/names/c10.h>

#include "taper/taper.h"

// The names of at::, each of them taper's own. A name that is added to the library gets a line
// here; tests/dropin reads this list and finds what is missing in it, and what no program compares
// with libtorch.
namespace at {

using namespace c10;

using taper::AutoGradMode;
using taper::CPUGeneratorImpl;
using taper::Generator;
using taper::GradMode;
using taper::NoGradGuard;
using taper::Tensor;
using taper::TensorAccessor;
using taper::TensorList;

using taper::can_cast;
using taper::get_default_dtype;
using taper::get_num_threads;
using taper::make_generator;
using taper::manual_seed;
using taper::print;
using taper::promote_types;
using taper::result_type;
using taper::set_default_dtype;
using taper::set_num_threads;

// --- New tensors ---
using taper::arange;
using taper::bernoulli;
using taper::empty;
using taper::empty_like;
using taper::eye;
using taper::from_blob;
using taper::full;
using taper::full_like;
using taper::linspace;
using taper::multinomial;
using taper::normal;
using taper::ones;
using taper::ones_like;
using taper::rand;
using taper::rand_like;
using taper::randint;
using taper::randint_like;
using taper::randn;
using taper::randn_like;
using taper::randperm;
using taper::scalar_tensor;
using taper::tensor;
using taper::zeros;
using taper::zeros_like;

// --- Operations ---
using taper::_pack_padded_sequence;
using taper::_pad_packed_sequence;
using taper::abs;
using taper::add;
using taper::addbmm;
using taper::addcdiv;
using taper::addcmul;
using taper::addmm;
using taper::addmv;
using taper::addmv_;
using taper::addr;
using taper::adjoint;
using taper::all;
using taper::allclose;
using taper::amax;
using taper::amin;
using taper::aminmax;
using taper::any;
using taper::argmax;
using taper::argmin;
using taper::argsort;
using taper::as_strided;
using taper::atan2;
using taper::atleast_1d;
using taper::atleast_2d;
using taper::atleast_3d;
using taper::baddbmm;
using taper::bitwise_and;
using taper::bitwise_left_shift;
using taper::bitwise_not;
using taper::bitwise_or;
using taper::bitwise_right_shift;
using taper::bitwise_xor;
using taper::bmm;
using taper::broadcast_tensors;
using taper::broadcast_to;
using taper::cartesian_prod;
using taper::cat;
using taper::cdist;
using taper::ceil;
using taper::chain_matmul;
using taper::chunk;
using taper::clamp;
using taper::clamp_max;
using taper::clamp_min;
using taper::clone;
using taper::column_stack;
using taper::combinations;
using taper::concat;
using taper::concatenate;
using taper::cos;
using taper::cosine_similarity;
using taper::count_nonzero;
using taper::cross;
using taper::cummax;
using taper::cummin;
using taper::cumprod;
using taper::cumsum;
using taper::diag;
using taper::diag_embed;
using taper::diagflat;
using taper::diagonal;
using taper::diagonal_scatter;
using taper::diff;
using taper::dist;
using taper::div;
using taper::dot;
using taper::dropout;
using taper::dropout_;
using taper::dsplit;
using taper::dstack;
using taper::embedding;
using taper::eq;
using taper::equal;
using taper::erf;
using taper::exp;
using taper::expm1;
using taper::flatten;
using taper::flip;
using taper::fliplr;
using taper::flipud;
using taper::floor;
using taper::floor_divide;
using taper::fmod;
using taper::frobenius_norm;
using taper::gather;
using taper::ge;
using taper::ger;
using taper::gt;
using taper::hsplit;
using taper::hstack;
using taper::index_add;
using taper::index_select;
using taper::inner;
using taper::isclose;
using taper::isfinite;
using taper::isinf;
using taper::isnan;
using taper::kron;
using taper::kthvalue;
using taper::le;
using taper::leaky_relu;
using taper::lerp;
using taper::linalg_cross;
using taper::linalg_matmul;
using taper::linalg_matrix_norm;
using taper::linalg_matrix_power;
using taper::linalg_multi_dot;
using taper::linalg_norm;
using taper::linalg_vector_norm;
using taper::linear;
using taper::log;
using taper::log1p;
using taper::log_softmax;
using taper::logcumsumexp;
using taper::logical_and;
using taper::logical_not;
using taper::logical_or;
using taper::logical_xor;
using taper::logsumexp;
using taper::lt;
using taper::masked_fill;
using taper::masked_select;
using taper::matmul;
using taper::matrix_power;
using taper::max;
using taper::maximum;
using taper::mean;
using taper::median;
using taper::meshgrid;
using taper::min;
using taper::minimum;
using taper::mm;
using taper::mode;
using taper::moveaxis;
using taper::movedim;
using taper::msort;
using taper::mul;
using taper::mv;
using taper::nanmean;
using taper::nanmedian;
using taper::nansum;
using taper::narrow;
using taper::ne;
using taper::neg;
using taper::nonzero;
using taper::norm;
using taper::one_hot;
using taper::outer;
using taper::pad_sequence;
using taper::pairwise_distance;
using taper::permute;
using taper::pow;
using taper::prod;
using taper::quantile;
using taper::ravel;
using taper::reciprocal;
using taper::relu;
using taper::remainder;
using taper::renorm;
using taper::repeat_interleave;
using taper::reshape;
using taper::roll;
using taper::rot90;
using taper::round;
using taper::row_stack;
using taper::rsqrt;
using taper::rsub;
using taper::scatter;
using taper::scatter_add;
using taper::select;
using taper::select_scatter;
using taper::sigmoid;
using taper::sign;
using taper::sin;
using taper::slice;
using taper::slice_scatter;
using taper::softmax;
using taper::sort;
using taper::split;
using taper::split_with_sizes;
using taper::sqrt;
using taper::square;
using taper::squeeze;
using taper::stack;
using taper::std;
using taper::std_mean;
using taper::sub;
using taper::sum;
using taper::swapaxes;
using taper::swapdims;
using taper::t;
using taper::tanh;
using taper::tensor_split;
using taper::tensordot;
using taper::tile;
using taper::topk;
using taper::trace;
using taper::transpose;
using taper::trapezoid;
using taper::trapz;
using taper::tril;
using taper::tril_indices;
using taper::triu;
using taper::triu_indices;
using taper::unbind;
using taper::unflatten;
using taper::unsqueeze;
using taper::var;
using taper::var_mean;
using taper::vdot;
using taper::vsplit;
using taper::vstack;
using taper::where;

// --- Losses ---
using taper::binary_cross_entropy;
using taper::binary_cross_entropy_with_logits;
using taper::cosine_embedding_loss;
using taper::cross_entropy_loss;
using taper::hinge_embedding_loss;
using taper::huber_loss;
using taper::kl_div;
using taper::l1_loss;
using taper::margin_ranking_loss;
using taper::mse_loss;
using taper::nll_loss;
using taper::nll_loss2d;
using taper::nll_loss_nd;
using taper::poisson_nll_loss;
using taper::smooth_l1_loss;
using taper::soft_margin_loss;
using taper::triplet_margin_loss;

namespace Reduction {
using namespace taper::Reduction;
}  // namespace Reduction

namespace detail {
using taper::detail::getDefaultCPUGenerator;
}  // namespace detail

namespace indexing {
using namespace taper::indexing;
}  // namespace indexing

}  // namespace at
