// What inference tensors may and may not do; their words are compared with libtorch's by
// tests/parity.

#include "autograd/testing.h"

namespace taper {
namespace {

Tensor made_for_inference() {
  const InferenceMode inference;
  return ones({3}, kFloat64);
}

TEST(Inference, AllocationAndViewsDecide) {
  const Tensor normal = ones({3}, kFloat64);
  const Tensor x = made_for_inference();
  EXPECT_TRUE(x.is_inference());
  EXPECT_TRUE(x.view({3, 1}).is_inference());
  EXPECT_FALSE(x.clone().is_inference());
  EXPECT_FALSE((x + 1).is_inference());
  const InferenceMode inference;
  EXPECT_FALSE(normal.view({3, 1}).is_inference());
  EXPECT_TRUE((normal + 1).is_inference());
  const InferenceMode usual(false);
  EXPECT_FALSE(ones({1}).is_inference());
}

TEST(Inference, NoChangeInPlaceOutside) {
  Tensor x = made_for_inference();
  const char* words = "Inplace update to inference tensor outside InferenceMode is not allowed.";
  EXPECT_ERROR(x.add_(1), words);
  EXPECT_ERROR(x.zero_(), words);
  EXPECT_ERROR(x.copy_(ones({3})), words);
  EXPECT_ERROR(x.uniform_(), words);
  EXPECT_ERROR(x.logical_not_(), words);
  EXPECT_ERROR(x.select(0, 1).mul_(2), words);
  EXPECT_ERROR(add_out(x, x, x), words);
  EXPECT_ERROR(x.unsqueeze_(0), words);
  EXPECT_EQ(values(x), (std::vector<double>{1, 1, 1}));
  const InferenceMode inference;
  EXPECT_EQ(values(x.add_(1)), (std::vector<double>{2, 2, 2}));
}

TEST(Inference, NoBackwardMayNeedOne) {
  const Tensor x = made_for_inference();
  const Tensor w = leaf({1, 2, 3});
  EXPECT_ERROR(x * w, "Inference tensors cannot be saved for backward.");
  (x + w).sum().backward();
  EXPECT_EQ(values(w.grad()), (std::vector<double>{1, 1, 1}));
  EXPECT_ERROR(x._version(), "Inference tensors do not track version counter.");
  EXPECT_ERROR(x.requires_grad_(), "Setting requires_grad=True on inference tensor");
}

}  // namespace
}  // namespace taper
