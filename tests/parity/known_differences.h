#pragma once

#include <array>
#include <string_view>

// Where taper is known to differ from libtorch 1.13.1: entries whose names begin with `prefix`
// (program, slash, name) and hold `part`. They are counted apart; a line that no difference needs
// any more fails the comparison, so that the list can only shrink by itself.
namespace parity {

struct KnownDifference {
  std::string_view prefix;
  std::string_view part;
  std::string_view why;
};

inline constexpr std::array kKnownDifferences{
    // taper has a derivative where libtorch has none, or computes where libtorch refuses.
    KnownDifference{"op_table/aminmax[", "", "taper's derivative is that of amin and amax"},
    KnownDifference{"op_table/atan2", "bool and float", "a gradient to the real operand only"},
    KnownDifference{"op_table/remainder[2 number_first]", "",
                    "a gradient to the divisor of a number"},
    KnownDifference{"op_table/logaddexp", "bool and float", "a gradient to the real operand only"},
    KnownDifference{"op_table/addr", "double and float", "mixed dtypes have a gradient here"},
    KnownDifference{"op_table/addr_[", " and ", "mixed dtypes, integers updated by real numbers"},
    KnownDifference{"op_table/matrix_power[", "", "the power 0 is a constant here"},
    KnownDifference{"op_table/kron[", "transposed", "libtorch views what cannot be viewed"},
    KnownDifference{"op_table/var[1 biased] empty", "", "the gradient of nothing is empty here"},
    KnownDifference{"op_table/std[1 biased] empty", "", "the gradient of nothing is empty here"},
    // Promotion and refusal of operands of two dtypes.
    KnownDifference{"op_table/addcmul_[", "", "operands wider than the result"},
    KnownDifference{"op_table/addcdiv_[", "", "operands wider than the result"},
    KnownDifference{"op_table/mm[", " and ", "empty products of two dtypes"},
    KnownDifference{"op_table/addmm", "", "fractional factors of integers"},
    KnownDifference{"op_table/addmv", "", "fractional factors of integers, two dtypes"},
    KnownDifference{"op_table/baddbmm", "", "fractional factors of integers, two dtypes"},
    KnownDifference{"op_table/masked_fill[1 tensor]", " and ", "a real value for integers"},
    KnownDifference{"op_table/index_fill[1 tensor]", " and ", "a real value for integers"},
    KnownDifference{"op_table/select_scatter[", " and float", "a real source for integers"},
    KnownDifference{"op_table/slice_scatter[", " and float", "a real source for integers"},
    KnownDifference{"op_table/diagonal_scatter[", " and float", "a real source for integers"},
    KnownDifference{"op_table/mse_loss[", " and ", "libtorch's backward refuses two dtypes"},
    KnownDifference{"op_table/huber_loss[", " and ", "libtorch's backward refuses two dtypes"},
    KnownDifference{"op_table/binary_cross_entropy_with_logits[", "double and float output",
                    "weighted, libtorch's result has the dtype of the targets: taper deviates"},
    KnownDifference{"elementwise_of_three/", "addcmul_", "libtorch fails an assertion of its own"},
    KnownDifference{"elementwise_of_three/float double addcdiv_", "",
                    "libtorch fails an assertion of its own"},
    KnownDifference{"elementwise_of_two/pow mixed gradient", "",
                    "libtorch takes the logarithm of the base in float32"},
    KnownDifference{"elementwise_of_two/atan2 mixed gradient", "",
                    "libtorch squares the first operand in float32"},
    KnownDifference{"elementwise_of_two/arctan2 mixed gradient", "",
                    "libtorch squares the first operand in float32"},
    KnownDifference{"elementwise_of_two/gcd long edges", "",
                    "the least integer has no absolute value"},
    // Layouts that libtorch does not follow.
    KnownDifference{"op_table/nll_loss2d[", "transposed", "libtorch views what cannot be viewed"},
    KnownDifference{"op_table/nll_loss_nd[", "transposed", "libtorch views what cannot be viewed"},
    KnownDifference{"op_table/masked_select[", "transposed gradient",
                    "libtorch gives other gradients for the same values in another layout"},
    // NaN and infinities in gradients; ties.
    KnownDifference{"op_table/prod[", "specials gradient", "a product with NaN and 0"},
    KnownDifference{"op_table/cumprod", "specials gradient", "a product with NaN and 0"},
    KnownDifference{"op_table/amax[", "specials gradient", "NaN has the gradient here"},
    KnownDifference{"op_table/amin[", "specials gradient", "NaN has the gradient here"},
    KnownDifference{"op_table/linalg_", "specials gradient", "NaN has the gradient here"},
    KnownDifference{"op_table/nanmean[", "expanded gradient", "rows of NaN alone"},
    KnownDifference{"op_table/median[", "expanded", "which of equal elements has the gradient"},
    KnownDifference{"op_table/logit", "specials gradient",
                    "libtorch's vectors and the elements left over disagree at -0 and NaN"},
    KnownDifference{"op_table/polygamma", "specials", "at infinity it is 0, libtorch's sum is NaN"},
    KnownDifference{"op_table/std_mean[1 dim]", "specials output 1",
                    "the mean of a number and infinity is infinity, libtorch's NaN"},
    KnownDifference{"op_table/cosine_similarity[", "gradient", "zero, up to a rounding"},
    KnownDifference{"op_table/norm[", "empty", "the least element of nothing"},
    // The tape.
    KnownDifference{"autograd_second_order_layers/", " third ",
                    "libtorch's third derivative of layer_norm is not that of its formula"},
    KnownDifference{"autograd_second_order_functions/layer_norm", " third ",
                    "libtorch's third derivative of layer_norm is not that of its formula"},
    KnownDifference{"autograd_second_order_functions/bce", "",
                    "libtorch adds 1e-12 to a denominator in the second derivative"},
    KnownDifference{"autograd_saved/", "changed set_data and change",
                    "libtorch counts it as a change of the views of what was there before"},
    KnownDifference{"autograd_saved_outputs/pow tensor, output", "",
                    "taper's backward reads the operands only"},
    KnownDifference{"autograd_hooks/", "with grad",
                    "a hook's gradient is the one captured, as from PyTorch 2.0 on"},
    KnownDifference{"autograd_hooks/graph through a hook", "",
                    "a hook's gradient is the one captured, as from PyTorch 2.0 on"},
    KnownDifference{"autograd_hooks/not reached", "", "libtorch fails an assertion of its own"},
    KnownDifference{"autograd_hooks/base before and after", "",
                    "a hook sees the value it was registered for, as without a view"},
    KnownDifference{"autograd_retain_grad/base before in place on a view", "",
                    "the gradient kept is that of the new value, as without a view"},
    KnownDifference{"autograd_retain_grad/with grad of it", "",
                    "what is captured is kept too, as from PyTorch 2.0 on"},
    KnownDifference{"autograd_retain_grad/hook", "",
                    "what is kept is what the hooks made of it, as from PyTorch 2.0 on"},
    KnownDifference{"autograd_retain_grad/an output that was not used", "",
                    "libtorch fails an assertion of its own"},
    KnownDifference{"autograd_retain_grad/detached in place", "",
                    "a detached tensor is no part of the graph"},
    KnownDifference{"autograd_function/dirty constant", "",
                    "a dirty input comes back as itself; libtorch's is an alias if not recorded"},
    KnownDifference{"autograd_function/dirty leaf under", "",
                    "a dirty input comes back as itself; libtorch's is an alias if not recorded"},
    KnownDifference{"autograd_function/dirty view of a leaf", "",
                    "libtorch lets a leaf be changed through a view"},
    KnownDifference{"autograd_function/how ", "an undefined gradient arrives",
                    "taper does not go on where no gradient arrives"},
    KnownDifference{"autograd_inference/data in ", "one made inside",
                    "libtorch lets an inference tensor be changed through data()"},
    KnownDifference{"autograd_inference/detach in ", "one made inside",
                    "libtorch lets an inference tensor be changed through detach()"},
    KnownDifference{"autograd_inference/select in a view made inside of an inner", "",
                    "libtorch fails an assertion of its own"},
    KnownDifference{"autograd_inference/index_put_ in a view made inside of an inner", "",
                    "libtorch fails an assertion of its own"},
    KnownDifference{"autograd_inference/view of a view made inside", "",
                    "libtorch fails an assertion of its own"},
    // The rest.
    KnownDifference{"nn_functional/linear scalar", "", "taper names the layer"},
};

}  // namespace parity
