// What elementwise operations give where it is not obvious. The numbers are libtorch 1.13.1's; many
// more are compared by tests/parity/elementwise_program.cpp.

#include "taper/autograd/node.h"
#include "taper/tensor/promotion.h"
#include "tensor/core_testing.h"

namespace taper {
namespace {

Tensor longs(const std::vector<int64_t>& list) { return tensor(list, kInt64); }
Tensor doubles(const std::vector<double>& list) { return tensor(list, kFloat64); }

std::string node(const Tensor& y) { return y.grad_fn()->name(); }

TEST(IntegerDivision, SignsOfQuotientsAndRests) {
  Tensor a = longs({7, -7, 7, -7});
  Tensor b = longs({2, 2, -2, -2});
  expect_tensor(div(a, b, "floor"), kInt64, {4}, {3, -4, -4, 3});
  expect_tensor(div(a, b, "trunc"), kInt64, {4}, {3, -3, -3, 3});
  expect_tensor(floor_divide(a, b), kInt64, {4}, {3, -4, -4, 3});
  expect_tensor(a % b, kInt64, {4}, {1, 1, -1, -1});
  expect_tensor(fmod(a, b), kInt64, {4}, {1, -1, 1, -1});
  expect_tensor(a / b, kFloat32, {4}, {3.5, -3.5, -3.5, 3.5});
}

TEST(IntegerDivision, TheLeastByMinusOneWraps) {
  Tensor least = longs({kMin});
  EXPECT_EQ(floor_divide(least, -1).item<int64_t>(), kMin);
  EXPECT_EQ(div(least, -1, "trunc").item<int64_t>(), kMin);
  EXPECT_EQ(remainder(least, -1).item<int64_t>(), 0);
  EXPECT_EQ(fmod(least, -1).item<int64_t>(), 0);
  EXPECT_EQ(gcd(least, longs({-1})).item<int64_t>(), 1);
}

TEST(IntegerDivision, ByZeroThrows) {
  Tensor a = longs({1, 2});
  EXPECT_ERROR(floor_divide(a, 0), "ZeroDivisionError");
  EXPECT_ERROR(remainder(a, longs({1, 0})), "ZeroDivisionError");
  EXPECT_ERROR(fmod(a, 0), "ZeroDivisionError");
  EXPECT_ERROR(a.div_(0, "trunc"), "ZeroDivisionError");
  EXPECT_ERROR(
      div(a, a, "ceil"),
      "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found 'ceil'");
}

TEST(RealDivision, FloorsAndRests) {
  Tensor a = doubles({kInf, 1, -1, 0.0, -0.0, 5, kNaN});
  Tensor b = doubles({2, kInf, kInf, 3, 3, 0.0, 1});
  Tensor quotient = floor_divide(a, b);
  EXPECT_TRUE(std::isnan(values(quotient)[0]));
  EXPECT_EQ(values(quotient)[1], 0);
  EXPECT_EQ(values(quotient)[2], -1);
  EXPECT_FALSE(std::signbit(values(quotient)[3]));
  EXPECT_TRUE(std::signbit(values(quotient)[4]));
  EXPECT_EQ(values(quotient)[5], kInf);
  EXPECT_TRUE(std::isnan(values(quotient)[6]));
  Tensor rest = remainder(a, b);
  EXPECT_EQ(values(rest)[1], 1);
  EXPECT_EQ(values(rest)[2], kInf);
  EXPECT_TRUE(std::isnan(values(rest)[5]));
}

TEST(Bits, ShiftsCountModuloTheWidth) {
  expect_tensor(bitwise_left_shift(longs({1, 1, 1, -7}), longs({63, 64, 65, 1})), kInt64, {4},
                {-9223372036854775808.0, 1, 2, -14});
  expect_tensor(bitwise_right_shift(longs({-7, -7, 7}), longs({1, 64, 2})), kInt64, {3},
                {-4, -7, 1});
  expect_tensor(bitwise_left_shift(ones({2}, kInt32), tensor({31, 33}, kInt32)), kInt32, {2},
                {-2147483648.0, 2});
  expect_tensor(bitwise_left_shift(full({1}, 250, kUInt8), 1), kUInt8, {1}, {244});
  EXPECT_ERROR(bitwise_left_shift(ones({1}, kBool), true),
               "\"lshift_cpu\" not implemented for 'Bool'");
}

TEST(IntegerDivision, AFailedOneLeavesTheTensorAsItWas) {
  const Tensor zero_last = longs({2, 2, 2, 0});
  for (const bool numbers : {false, true}) {
    const Tensor x = longs({5, 6, 7, 8});
    const auto refused = [&](auto&& divide) {
      EXPECT_ERROR(divide(), "ZeroDivisionError");
      EXPECT_EQ(values(x), (Values{5, 6, 7, 8}));
    };
    refused([&] { return numbers ? x.floor_divide_(0) : x.floor_divide_(zero_last); });
    refused([&] { return numbers ? x.remainder_(0) : x.remainder_(zero_last); });
    refused([&] { return numbers ? x.fmod_(0) : x.fmod_(zero_last); });
    refused([&] { return numbers ? x.div_(0, "trunc") : x.div_(zero_last, "trunc"); });
  }
}

TEST(Logic, InPlaceNotIntoSharedElements) {
  const Tensor x = zeros({1}).expand({3});
  const char* text = "more than one element of the written-to tensor refers to a single memory";
  EXPECT_ERROR(x.logical_not_(), text);
  EXPECT_ERROR(x.logical_and_(ones({3})), text);
  EXPECT_ERROR(zeros({2}).logical_and_(ones({3, 2})), "logical_and_");
}

TEST(Bits, CommonDivisors) {
  expect_tensor(gcd(longs({12, -12, 0, 0, 7}), longs({18, 18, 5, 0, -3})), kInt64, {5},
                {6, 6, 5, 0, 1});
  expect_tensor(lcm(longs({4, -4, 0}), longs({6, 6, 0})), kInt64, {3}, {12, 12, 0});
}

TEST(Clamp, TensorsOfBounds) {
  Tensor x = doubles({1, 2, 3, kNaN, 1, 5});
  Tensor y = clamp(x, doubles({2, 2, 2, 2, kNaN, 6}), doubles({4, 4, 2.5, 4, 4, 4}));
  const Values first = values(y.slice(0, 0, 3));
  EXPECT_EQ(first, (Values{2, 2, 2.5}));
  EXPECT_TRUE(std::isnan(values(y)[3]));
  EXPECT_TRUE(std::isnan(values(y)[4]));
  EXPECT_EQ(values(y)[5], 4);  // the upper bound wins
  expect_tensor(clamp(longs({1, 5}), tensor({2.5})), kFloat32, {2}, {2.5, 5});
  expect_tensor(longs({1, 5}).clip({}, longs({3})), kInt64, {2}, {1, 3});
  EXPECT_ERROR(longs({1}).clamp_(tensor({2.5})),
               "result type Float can't be cast to the desired output type Long");
  EXPECT_ERROR(longs({1}).clamp_(2.5),
               "result type Float can't be cast to the desired output type long int");
  EXPECT_ERROR(clamp(x, std::optional<Tensor>()),
               "At least one of 'min' or 'max' must not be None");
}

TEST(Round, HalvesGoToTheEvenNeighbour) {
  expect_tensor(round(doubles({0.5, 1.5, 2.5, -2.5, 2.4})), kFloat64, {5}, {0, 2, 2, -2, 2});
  expect_tensor(round(doubles({1234.5678, 2.675, -15}), 2), kFloat64, {3}, {1234.57, 2.68, -15});
  expect_tensor(round(doubles({1250, -15, 25}), -1), kFloat64, {3}, {1250, -20, 20});
  EXPECT_ERROR(round(longs({1}), 1), "\"round_cpu\" not implemented for 'Long'");
}

TEST(NanToNum, TakesTheDtypesEnds) {
  expect_tensor(nan_to_num(doubles({kNaN, kInf, -kInf, 2})), kFloat64, {4},
                {0, std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest(), 2});
  expect_tensor(nan_to_num(tensor({kNaN, kInf}), 1e300, 3.0), kFloat32, {2}, {kInf, 3});
  expect_tensor(nan_to_num(longs({3})), kInt64, {1}, {3});
}

TEST(Power, OfIntegers) {
  expect_tensor(pow(longs({-3, 0, 2}), 3), kInt64, {3}, {-27, 0, 8});
  expect_tensor(pow(longs({0, 5}), 0), kInt64, {2}, {1, 1});
  expect_tensor(pow(longs({2, 1, -1, -1}), longs({-1, -3, -2, -3})), kInt64, {4}, {0, 1, 1, -1});
  EXPECT_ERROR(pow(longs({2}), -1), "Integers to negative integer powers are not allowed.");
  expect_tensor(square(tensor({true, false})), kInt64, {2}, {1, 0});
  expect_tensor(float_power(longs({2}), -1), kFloat64, {1}, {0.5});
}

TEST(InPlace, ComparisonsKeepTheDtype) {
  expect_tensor(doubles({1, 2, 3}).gt_(1.5), kFloat64, {3}, {0, 1, 1});
  expect_tensor(longs({1, 2, 3}).eq_(longs({1, 0, 3})), kInt64, {3}, {1, 0, 1});
  expect_tensor(longs({0, 2}).logical_not_(), kInt64, {2}, {1, 0});
  expect_tensor(longs({0, 2}).logical_or_(longs({0, 0})), kInt64, {2}, {0, 1});
  EXPECT_ERROR(ones({3}).lt_(ones({2, 3})),
               "output with shape [3] doesn't match the broadcast shape [2, 3]");
}

TEST(Nodes, HaveLibtorchsNames) {
  Tensor x = ones({2}).requires_grad_();
  EXPECT_EQ(node(x + x), "AddBackward0");
  EXPECT_EQ(node(x + 1), "AddBackward1");
  EXPECT_EQ(node(1 - x), "SubBackward0");
  EXPECT_EQ(node(x - 1), "SubBackward1");
  EXPECT_EQ(node(rsub(x, 1)), "RsubBackward1");
  EXPECT_EQ(node(x * 2), "MulBackward1");
  EXPECT_EQ(node(x / 2), "DivBackward1");
  EXPECT_EQ(node(2 / x), "DivBackward0");
  EXPECT_EQ(node(div(x, x, "floor")), "DivBackward2");
  EXPECT_EQ(node(remainder(x, 2)), "RemainderBackward0");
  EXPECT_EQ(node(x.clamp_min(0)), "ClampMinBackward0");
  EXPECT_EQ(node(x.clamp(x, x)), "ClampBackward0");
}

TEST(Nodes, SomeHaveNoDerivative) {
  Tensor x = ones({2}).requires_grad_();
  EXPECT_ERROR(floor_divide(x, 2).sum().backward(),
               "derivative for aten::floor_divide is not implemented");
  EXPECT_ERROR(heaviside(x, x).sum().backward(),
               "derivative for aten::heaviside is not implemented");
  EXPECT_ERROR((x * 1).acosh_().sum().backward(),
               "the derivative for 'inplace version of acosh' is not implemented.");
}

}  // namespace
}  // namespace taper
