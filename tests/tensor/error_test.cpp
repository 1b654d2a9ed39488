// Wrong shapes, undefined tensors and unknown devices: the words, PyTorch's where it has them, and
// that a call that throws changes nothing.

#include "taper/tensor/error.h"

#include "core_testing.h"

namespace taper {
namespace {

TEST(Errors, BroadcastingNamesBothSizes) {
  const Tensor x = ones({3});
  const char* text =
      "The size of tensor a (3) must match the size of tensor b (2) at "
      "non-singleton dimension 0";
  EXPECT_ERROR(x + ones({2}), text);
  EXPECT_ERROR(x == ones({2}), text);
  EXPECT_ERROR(maximum(x, ones({2})), text);
  EXPECT_ERROR(x.logical_and(ones({2})), text);
  EXPECT_ERROR(x.atan2(ones({2})), text);
  EXPECT_ERROR(x.addcmul(x, ones({2})), text);
  EXPECT_ERROR(ones({2, 3}) * ones({2}),
               "(3) must match the size of tensor b (2) at non-singleton "
               "dimension 1");
  EXPECT_ERROR(where(ones({2}, kBool), x, x), "must match the size of tensor b");
}

TEST(Errors, InPlaceKeepsItsShape) {
  Tensor x = ones({3});
  const char* text = "output with shape [3] doesn't match the broadcast shape [2, 3]";
  const Tensor wide = ones({2, 3});
  EXPECT_ERROR(x.add_(wide), text);
  EXPECT_ERROR(x.mul_(wide), text);
  EXPECT_ERROR(x.copy_(wide), text);
  EXPECT_ERROR(x.lerp_(wide, 0.5), text);
  EXPECT_ERROR(x.addcmul_(wide, wide), text);
  EXPECT_ERROR(x += wide, text);
  EXPECT_ERROR(x.copy_(ones({2})),
               "The size of tensor a (3) must match the size of tensor b (2) at "
               "non-singleton dimension 0");
  EXPECT_ERROR(x.fill_(x),
               "fill_ only supports 0-dimension value tensor but got tensor with 1 "
               "dimensions.");
  EXPECT_ERROR(zeros({}).add_(ones({1})),
               "output with shape [] doesn't match the broadcast shape "
               "[1]");
}

TEST(Errors, AFailedCallChangesNothing) {
  Tensor x = arange(3);
  const int64_t version = x._version();
  EXPECT_ERROR(x.add_(ones({2, 3}, kInt64)), "output with shape");
  EXPECT_ERROR(x.mul_(0.5), "can't be cast");
  EXPECT_ERROR(x.sub_(ones({2}, kInt64)), "must match the size");
  EXPECT_ERROR(x.copy_(ones({4})), "must match the size");
  EXPECT_ERROR(x.fill_(kNaN), "without overflow");
  EXPECT_EQ(values(x), (Values{0, 1, 2}));
  EXPECT_EQ(x._version(), version);
  EXPECT_EQ(x.scalar_type(), kInt64);
}

TEST(Errors, InPlaceBroadcastsTheOtherOperand) {
  Tensor x = ones({2, 3});
  x += arange(3);
  x *= tensor({{1}, {2}});
  x -= 1;
  x /= 2;
  EXPECT_EQ(values(x), (Values{0, 0.5, 1, 0.5, 1.5, 2.5}));
  x.copy_(tensor(7));
  EXPECT_EQ(values(x), (Values{7, 7, 7, 7, 7, 7}));
}

TEST(Errors, Dimensions) {
  const Tensor x = ones({2, 3});
  EXPECT_EQ(x.size(-1), 3);
  EXPECT_EQ(x.stride(-2), 3);
  EXPECT_ERROR(x.size(2),
               "IndexError: Dimension out of range (expected to be in range of [-2, 1], "
               "but got 2)");
  EXPECT_ERROR(x.stride(-3), "but got -3)");
  EXPECT_ERROR(tensor(1).size(0),
               "IndexError: Dimension specified as 0 but tensor has no "
               "dimensions");
  EXPECT_ERROR(tensor(1).stride(-1), "but tensor has no dimensions");
}

TEST(Errors, UndefinedTensors) {
  const Tensor undefined;
  const Tensor x = ones({2});
  EXPECT_FALSE(undefined.defined());
  EXPECT_TRUE(x.defined());
  const char* text = "Expected a proper Tensor but got None (or an undefined Tensor in C++)";
  EXPECT_ERROR(undefined.sizes(), text);
  EXPECT_ERROR(undefined.dim(), text);
  EXPECT_ERROR(undefined.numel(), text);
  EXPECT_ERROR(undefined.scalar_type(), text);
  EXPECT_ERROR(undefined.options(), text);
  EXPECT_ERROR(undefined.data_ptr(), text);
  EXPECT_ERROR(undefined.item(), "a Tensor with 0 elements cannot be converted to Scalar");
  EXPECT_FALSE(undefined.requires_grad());
  EXPECT_ERROR(undefined.is_leaf(), "cannot call get_autograd_meta() on undefined tensor");
  EXPECT_ERROR(undefined.clone(), text);
  EXPECT_ERROR(undefined.contiguous(), text);
  EXPECT_ERROR(undefined.detach(), text);
  EXPECT_ERROR(undefined.to(kFloat64), text);
  EXPECT_ERROR(undefined.to(kCPU), text);
  EXPECT_ERROR(undefined.view({1}), text);
  EXPECT_ERROR(undefined.t(), text);
  EXPECT_ERROR(undefined[0], text);
  EXPECT_ERROR(undefined + 1, text);
  EXPECT_ERROR(undefined + x, text);
  EXPECT_ERROR(x + undefined, text);
  EXPECT_ERROR(x == undefined, text);
  EXPECT_ERROR(-undefined, text);
  EXPECT_ERROR(undefined.clamp(0), text);
  EXPECT_ERROR(where(undefined, x, x), text);
  EXPECT_ERROR(equal(x, undefined), text);
  EXPECT_ERROR(zeros_like(undefined), text);
  EXPECT_ERROR(x.clone().copy_(undefined),
               "Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument "
               "#1 'src'");
  EXPECT_ERROR(x.clone().add_(undefined), text);
  Tensor other;
  EXPECT_ERROR(other.zero_(), text);
  EXPECT_ERROR(other.add_(1), text);
  EXPECT_ERROR(other.exp_(), text);
  EXPECT_ERROR(other.copy_(x), text);
  EXPECT_TRUE(undefined.is_same(other));
}

TEST(Errors, AreRuntimeErrors) {
  try {
    ones({2}).size(5);
    FAIL();
  } catch (const std::runtime_error& e) {
    EXPECT_NE(dynamic_cast<const IndexError*>(&e), nullptr);
  }
}

TEST(Errors, MessagesJoinTheirParts) {
  const int64_t sizes[] = {2, 3};
  const auto fail = [&] {
    TAPER_CHECK(false, "got ", 1, ' ', -2L, ' ', 3U, ' ', 0.5, ' ', true, ' ', IntArrayRef(sizes),
                ' ', kInt64, ' ', Scalar(1.5), std::string("."));
  };
  EXPECT_ERROR(fail(), "got 1 -2 3 0.5 true [2, 3] Long 1.5.");
  TAPER_CHECK(true, "not thrown");
}

TEST(Devices, AreReadFromStrings) {
  EXPECT_EQ(Device("cpu"), Device(kCPU));
  EXPECT_NE(Device("cpu:0"), Device("cpu"));
  EXPECT_EQ(Device("cpu").str(), "cpu");
  EXPECT_EQ(Device("cuda:1").str(), "cuda:1");
  EXPECT_TRUE(Device("cuda:1").is_cuda());
  EXPECT_EQ(Device("cuda:1").index(), 1);
  EXPECT_FALSE(Device("cuda").has_index());
  EXPECT_EQ(ones({1}).device(), Device(kCPU));
}

TEST(Devices, RefuseOtherStrings) {
  EXPECT_ERROR(Device(""), "Device string must not be empty");
  for (const char* text : {"cuda:", "cuda:x", "cuda:-1", "cuda:1:2", "cuda:01", "cpu:1x", " cpu"}) {
    EXPECT_ERROR(Device(text), std::string("Invalid device string: '") + text + "'");
  }
  for (const char* text : {"gpu", "CPU", "cp"}) {
    EXPECT_ERROR(Device(text), std::string("device type at start of device string: ") + text);
  }
}

}  // namespace
}  // namespace taper
