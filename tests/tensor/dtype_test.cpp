// Elements of each dtype: conversions, item, accessors, scalars, and comparing tensors. Expected
// values are those of libtorch 1.13.

#include "core_testing.h"

namespace taper {
namespace {

constexpr ScalarType kTypes[] = {kUInt8, kInt32, kInt64, kFloat32, kFloat64, kBool};

TEST(Convert, SpecialFloats) {
  const Values special = {kNaN, kInf, -kInf, 1e20, -1e20, 300, -1, 2.9, -2.9, 0.5, -0.0};
  const double int_min = INT32_MIN;
  const double long_min = -9223372036854775808.0;
  for (ScalarType from : {kFloat32, kFloat64}) {
    const Tensor x = tensor(special, kFloat64).to(from);
    EXPECT_EQ(values(x.to(kUInt8)), (Values{0, 0, 0, 0, 0, 44, 255, 2, 254, 0, 0}));
    EXPECT_EQ(values(x.to(kInt32)),
              (Values{int_min, int_min, int_min, int_min, int_min, 300, -1, 2, -2, 0, 0}));
    EXPECT_EQ(values(x.to(kInt64)),
              (Values{long_min, long_min, long_min, long_min, long_min, 300, -1, 2, -2, 0, 0}));
    EXPECT_EQ(values(x.to(kBool)), (Values{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0}));
  }
  const Values narrow = values(tensor(special, kFloat64).to(kFloat32));
  EXPECT_TRUE(std::isnan(narrow[0]));
  EXPECT_EQ(narrow[1], kInf);
  EXPECT_EQ(narrow[3], static_cast<double>(1e20F));
  EXPECT_TRUE(std::signbit(narrow[10]));
  EXPECT_EQ(values(tensor({1e300, -1e300}, kFloat64).to(kFloat32)), (Values{kInf, -kInf}));
}

TEST(Convert, Integers) {
  const Tensor x =
      tensor({kMax, kMin, (int64_t{1} << 32) + 1, int64_t{-1}, int64_t{256}, int64_t{16777217}});
  EXPECT_EQ(values(x.to(kUInt8)), (Values{255, 0, 1, 255, 0, 1}));
  EXPECT_EQ(values(x.to(kInt32)), (Values{-1, 0, 1, -1, 256, 16777217}));
  EXPECT_EQ(values(x.to(kFloat32)),
            (Values{9223372036854775808.0, -9223372036854775808.0, 4294967296, -1, 256, 16777216}));
  EXPECT_EQ(values(x.to(kBool)), (Values{1, 1, 1, 1, 1, 1}));
  EXPECT_TRUE(equal(x.to(kInt64), x));
}

TEST(Convert, EveryPairAtOddLengths) {
  for (ScalarType from : kTypes) {
    for (ScalarType to : kTypes) {
      const Tensor x = arange(37).remainder(2).to(from);
      const Tensor y = x.slice(0, 1).to(to);
      EXPECT_EQ(y.scalar_type(), to);
      EXPECT_EQ(values(y), values(x.slice(0, 1)));
    }
  }
}

TEST(Convert, CopiesOnlyWhereItMust) {
  const Tensor x = ones({3});
  EXPECT_TRUE(x.to(kFloat32).is_same(x));
  EXPECT_FALSE(x.to(kFloat32, false, true).is_same(x));
  EXPECT_TRUE(x.to(kCPU).is_same(x));
  EXPECT_TRUE(x.cpu().is_same(x));
  EXPECT_EQ(x.to(ones({1}, kInt64)).scalar_type(), kInt64);
  EXPECT_EQ(x.type_as(ones({1}, kBool)).scalar_type(), kBool);
  EXPECT_ERROR(x.to(kCUDA), "PyTorch is not linked with support for cuda devices");
  EXPECT_ERROR(x.to(ScalarType::Undefined), "expected a dtype, got Undefined");
}

TEST(Item, OfOneElement) {
  EXPECT_EQ(tensor({{5}}).item<double>(), 5);
  EXPECT_EQ(tensor(2.5).item<int>(), 2);
  EXPECT_TRUE(tensor(3).item<bool>());
  EXPECT_EQ(tensor(-1).item<uint8_t>(), 255);
  EXPECT_TRUE(std::isnan(tensor(kNaN).item<float>()));
  EXPECT_EQ(tensor({kMax}).item<int64_t>(), kMax);
  EXPECT_TRUE(tensor(true).item().isBoolean());
  EXPECT_TRUE(tensor(1).item().isIntegral(false));
  EXPECT_TRUE(tensor(1.0).item().isFloatingPoint());
  EXPECT_ERROR(ones({3}).item(), "a Tensor with 3 elements cannot be converted to Scalar");
  EXPECT_ERROR(zeros({0}).item<float>(), "a Tensor with 0 elements cannot be converted to Scalar");
  EXPECT_ERROR(tensor(1e30).item<int64_t>(), "type int64_t without overflow");
  EXPECT_ERROR(tensor(300).item<uint8_t>(), "type uint8_t without overflow");
}

TEST(Item, TruthOfOneElement) {
  EXPECT_TRUE(tensor({0.5}).is_nonzero());
  EXPECT_FALSE(tensor({-0.0}).is_nonzero());
  EXPECT_ERROR(ones({2}).is_nonzero(),
               "Boolean value of Tensor with more than one value is ambiguous");
  EXPECT_ERROR(zeros({0}).is_nonzero(), "Boolean value of Tensor with no values is ambiguous");
}

TEST(Accessor, ReadsAndWrites) {
  Tensor x = arange(6.0).reshape({2, 3});
  const Tensor turned = x.t();
  auto a = turned.accessor<float, 2>();
  EXPECT_EQ(a.size(0), 3);
  EXPECT_EQ(a.stride(0), 1);
  EXPECT_EQ(a[2][1], 5);
  a[2][1] = 50;
  EXPECT_EQ(x[1][2].item<float>(), 50);
  EXPECT_ERROR((x.accessor<float, 1>()), "TensorAccessor expected 1 dims but tensor has 2");
  EXPECT_ERROR((x.accessor<double, 2>()), "expected scalar type Double but found Float");
  EXPECT_ERROR(x.data_ptr<double>(), "expected scalar type Double but found Float");
  EXPECT_ERROR(x.data_ptr<int64_t>(), "expected scalar type Long but found Float");
  EXPECT_EQ(x[1].data_ptr<float>(), x.data_ptr<float>() + 3);
}

TEST(Scalar, RemembersItsKind) {
  EXPECT_EQ(Scalar(2.9).toLong(), 2);
  EXPECT_EQ(Scalar(-2.9).toLong(), -2);
  EXPECT_EQ(Scalar(true).toDouble(), 1);
  EXPECT_TRUE(Scalar(kNaN).toBool());
  EXPECT_EQ(Scalar(kMax).toLong(), kMax);
  EXPECT_EQ(Scalar().toLong(), 0);
  EXPECT_TRUE(Scalar(1).equal(1.0));
  EXPECT_EQ((-Scalar(2.5)).toDouble(), -2.5);
  EXPECT_ERROR(Scalar(1e19).toLong(), "cannot be converted to type int64_t without overflow");
  EXPECT_ERROR(Scalar(9223372036854775808.0).toLong(), "type int64_t without overflow");
  EXPECT_EQ(Scalar(-9223372036854775808.0).toLong(), kMin);
  EXPECT_ERROR(Scalar(kNaN).toLong(), "cannot be converted to type int64_t without overflow");
  EXPECT_ERROR(Scalar(3e9).toInt(), "cannot be converted to type int without overflow");
  EXPECT_ERROR(Scalar(300).to<uint8_t>(), "cannot be converted to type uint8_t without overflow");
  EXPECT_ERROR(Scalar(-1.0).to<uint8_t>(), "cannot be converted to type uint8_t without overflow");
  EXPECT_EQ(Scalar(-1).to<uint8_t>(), 255);
}

TEST(Equal, ComparesShapesAndElements) {
  const Tensor x = ones({3});
  EXPECT_TRUE(equal(x, ones({3})));
  EXPECT_TRUE(equal(x, ones({3}, kFloat64)));  // dtypes are promoted
  EXPECT_FALSE(equal(tensor({1.5}), tensor({1})));
  EXPECT_FALSE(equal(x, ones({1, 3})));
  EXPECT_TRUE(equal(arange(4).reshape({2, 2}).t(), tensor({{0, 2}, {1, 3}})));
  EXPECT_TRUE(equal(tensor({0.0}), tensor({-0.0})));
  EXPECT_TRUE(equal(zeros({0}), zeros({0})));
  EXPECT_FALSE(equal(zeros({0}), zeros({0, 2})));
  const Tensor nan = tensor({kNaN});
  EXPECT_FALSE(equal(nan, nan));
}

TEST(Close, WithinToleranceOfTheSecond) {
  const auto d = [](double v) { return tensor({v}, kFloat64); };
  EXPECT_TRUE(allclose(d(1), d(1 + 1e-5)));
  EXPECT_FALSE(allclose(d(1), d(1 + 1.1e-5)));
  EXPECT_TRUE(allclose(tensor({100000}), tensor({100001})));
  EXPECT_FALSE(allclose(tensor({100}), tensor({101})));
  EXPECT_TRUE(allclose(tensor({2}), tensor({1}), 0, 1));
  EXPECT_FALSE(allclose(tensor({1}), tensor({2}), 0, 0.9));
  EXPECT_TRUE(allclose(ones({3}), ones({1})));
  EXPECT_TRUE(allclose(zeros({0}), ones({0})));
  expect_tensor(isclose(ones({2}, kBool), tensor({true, false})), kBool, {2}, {1, 0});
}

TEST(Close, NaNAndInfinity) {
  const Tensor x = tensor({kInf, -kInf, kInf, kNaN, 1.0});
  const Tensor y = tensor({kInf, kInf, 1.0, kNaN, 1.0 + 1e-6});
  EXPECT_EQ(values(isclose(x, y)), (Values{1, 0, 0, 0, 1}));
  EXPECT_EQ(values(isclose(x, y, 1e-5, 1e-8, true)), (Values{1, 0, 0, 1, 1}));
  EXPECT_EQ(values(isclose(tensor({1.0, kInf}), tensor({kInf, 1.0}), 0.5, 0.5)), (Values{0, 0}));
  EXPECT_EQ(values(isnan(x)), (Values{0, 0, 0, 1, 0}));
  EXPECT_EQ(values(isinf(x)), (Values{1, 1, 1, 0, 0}));
  EXPECT_EQ(values(isfinite(x)), (Values{0, 0, 0, 0, 1}));
  EXPECT_EQ(values(isinf(arange(2))), (Values{0, 0}));
}

TEST(Close, Errors) {
  const Tensor x = ones({3});
  EXPECT_ERROR(allclose(x, x.to(kFloat64)), "Float did not match Double");
  EXPECT_ERROR(isclose(x, x, -1), "rtol must be greater than or equal to zero, but got -1");
  EXPECT_ERROR(isclose(x, x, 0, -1), "atol must be greater than or equal to zero, but got -1");
  EXPECT_ERROR(allclose(x, ones({2})),
               "The size of tensor a (3) must match the size of tensor b "
               "(2) at non-singleton dimension 0");
}

TEST(Elementwise, SpecialValues) {
  EXPECT_EQ(values(sign(tensor({kNaN, -0.0, -2.0}))), (Values{0, 0, -1}));
  const Values clamped = values(tensor({kNaN, 5.0, -5.0}).clamp(-1, 1));
  EXPECT_TRUE(std::isnan(clamped[0]));
  EXPECT_EQ(clamped[1], 1);
  EXPECT_EQ(values(ones({2}).clamp(2, 1)), (Values{1, 1}));  // the upper bound wins
  EXPECT_TRUE(std::isnan(relu(tensor({kNaN})).item<float>()));
  EXPECT_EQ(isnan(maximum(tensor({kNaN, 1.0}), tensor({1.0, kNaN}))).sum().item<int>(), 2);
  const Values rounded = values(round(tensor({0.5, 1.5, 2.5, -0.5})));
  EXPECT_EQ(rounded, (Values{0, 2, 2, 0}));
  EXPECT_TRUE(std::signbit(rounded[3]));
  EXPECT_TRUE(std::isnan(tensor({-8.0}).pow(1.0 / 3).item<float>()));
  expect_tensor(arange(3).floor(), kInt64, {3}, {0, 1, 2});
  expect_tensor(ones({2}) * 1e300, kFloat32, {2}, {kInf, kInf});
  EXPECT_ERROR(ones({2}).fill_(1e300), "cannot be converted to type float without overflow");
}

TEST(Names, OfTensorTypes) {
  EXPECT_EQ(ones({1}).toString(), "CPUFloatType");
  EXPECT_EQ(ones({1}, kFloat64).toString(), "CPUDoubleType");
  EXPECT_EQ(arange(1).toString(), "CPULongType");
  EXPECT_EQ(ones({1}, kInt32).toString(), "CPUIntType");
  EXPECT_EQ(ones({1}, kUInt8).toString(), "CPUByteType");
  EXPECT_EQ(ones({1}, kBool).toString(), "CPUBoolType");
  EXPECT_EQ(Tensor().toString(), "UndefinedType");
}

}  // namespace
}  // namespace taper
