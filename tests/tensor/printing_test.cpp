#include "taper/tensor/printing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>
#include <iomanip>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"
#include "tensor/printing_testing.h"

// Each expected text is what libtorch 1.13.1's operator<< prints for the same expression, letter by
// letter, its oddities included.
namespace taper {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Tensor doubles(const std::vector<double>& values) { return tensor(values, kDouble); }
Tensor longs(const std::vector<int64_t>& values) { return tensor(values, kLong); }

TEST(Printing, Tensors) {
  EXPECT_EQ(shown(Tensor()), "[ Tensor (undefined) ]");
  EXPECT_EQ(shown(zeros({})), R"(0
[ CPUFloatType{} ])");
  EXPECT_EQ(shown(full({}, 2.5)), R"(2.5
[ CPUFloatType{} ])");
  EXPECT_EQ(shown(full({}, 1e10)), R"(1e+10
[ CPUFloatType{} ])");
  EXPECT_EQ(shown(full({}, 123456789.0, kDouble)), R"(1.23457e+08
[ CPUDoubleType{} ])");
  EXPECT_EQ(shown(full({}, 1.0 / 3, kDouble)), R"(0.333333
[ CPUDoubleType{} ])");
  EXPECT_EQ(shown(full({}, 7, kLong)), R"(7
[ CPULongType{} ])");
  EXPECT_EQ(shown(full({}, true, kBool)), R"(1
[ CPUBoolType{} ])");
  EXPECT_EQ(shown(full({}, 3, kByte)), R"(3
[ CPUByteType{} ])");
  EXPECT_EQ(shown(full({}, 3, kInt)), R"(3
[ CPUIntType{} ])");
  EXPECT_EQ(shown(full({}, nan)), R"(nan
[ CPUFloatType{} ])");
  EXPECT_EQ(shown(full({}, -inf)), R"(-inf
[ CPUFloatType{} ])");
  EXPECT_EQ(shown(zeros({0})), "[ CPUFloatType{0} ]");
  EXPECT_EQ(shown(zeros({0}, kLong)), "[ CPULongType{0} ]");
  EXPECT_EQ(shown(zeros({0, 3})), "[ CPUFloatType{0,3} ]");
  EXPECT_EQ(shown(zeros({3, 0})), "[ CPUFloatType{3,0} ]");
  EXPECT_EQ(shown(zeros({2, 0, 3}, kDouble)), "[ CPUDoubleType{2,0,3} ]");
  EXPECT_EQ(shown(zeros({1})), R"( 0
[ CPUFloatType{1} ])");
  EXPECT_EQ(shown(zeros({3})), R"( 0
 0
 0
[ CPUFloatType{3} ])");
  EXPECT_EQ(shown(zeros({2, 2})), R"( 0  0
 0  0
[ CPUFloatType{2,2} ])");
  EXPECT_EQ(shown(ones({2, 3})), R"( 1  1  1
 1  1  1
[ CPUFloatType{2,3} ])");
  EXPECT_EQ(shown(ones({2, 3}, kDouble)), R"( 1  1  1
 1  1  1
[ CPUDoubleType{2,3} ])");
  EXPECT_EQ(shown(ones({2, 3}, kLong)), R"( 1  1  1
 1  1  1
[ CPULongType{2,3} ])");
  EXPECT_EQ(shown(ones({2, 3}, kBool)), R"( 1  1  1
 1  1  1
[ CPUBoolType{2,3} ])");
  EXPECT_EQ(shown(arange(10)), R"( 0
 1
 2
 3
 4
 5
 6
 7
 8
 9
[ CPULongType{10} ])");
  EXPECT_EQ(shown(arange(12).reshape({3, 4})), R"(  0   1   2   3
  4   5   6   7
  8   9  10  11
[ CPULongType{3,4} ])");
  EXPECT_EQ(shown(arange(12, kByte).reshape({3, 4})), R"(  0   1   2   3
  4   5   6   7
  8   9  10  11
[ CPUByteType{3,4} ])");
  EXPECT_EQ(shown(arange(12, kInt).reshape({3, 4})), R"(  0   1   2   3
  4   5   6   7
  8   9  10  11
[ CPUIntType{3,4} ])");
  EXPECT_EQ(shown(arange(-5, 5)), R"(-5
-4
-3
-2
-1
 0
 1
 2
 3
 4
[ CPULongType{10} ])");
  EXPECT_EQ(shown(arange(-5, 5).reshape({2, 5})), R"(-5 -4 -3 -2 -1
 0  1  2  3  4
[ CPULongType{2,5} ])");
  EXPECT_EQ(shown(arange(24).reshape({2, 3, 4})), R"((1,.,.) = 
   0   1   2   3
   4   5   6   7
   8   9  10  11

(2,.,.) = 
  12  13  14  15
  16  17  18  19
  20  21  22  23
[ CPULongType{2,3,4} ])");
  EXPECT_EQ(shown(arange(24, kFloat).reshape({2, 3, 4})), R"((1,.,.) = 
   0   1   2   3
   4   5   6   7
   8   9  10  11

(2,.,.) = 
  12  13  14  15
  16  17  18  19
  20  21  22  23
[ CPUFloatType{2,3,4} ])");
  EXPECT_EQ(shown(arange(48).reshape({2, 2, 3, 4})), R"((1,1,.,.) = 
   0   1   2   3
   4   5   6   7
   8   9  10  11

(2,1,.,.) = 
  24  25  26  27
  28  29  30  31
  32  33  34  35

(1,2,.,.) = 
  12  13  14  15
  16  17  18  19
  20  21  22  23

(2,2,.,.) = 
  36  37  38  39
  40  41  42  43
  44  45  46  47
[ CPULongType{2,2,3,4} ])");
  EXPECT_EQ(shown(arange(16).reshape({2, 2, 2, 2}) * 0.25), R"((1,1,.,.) = 
  0.0000  0.2500
  0.5000  0.7500

(2,1,.,.) = 
  2.0000  2.2500
  2.5000  2.7500

(1,2,.,.) = 
  1.0000  1.2500
  1.5000  1.7500

(2,2,.,.) = 
  3.0000  3.2500
  3.5000  3.7500
[ CPUFloatType{2,2,2,2} ])");
  EXPECT_EQ(shown(arange(8).reshape({2, 2, 2, 1, 1})), R"((1,1,1,.,.) = 
  0

(2,1,1,.,.) = 
  4

(1,2,1,.,.) = 
  2

(2,2,1,.,.) = 
  6

(1,1,2,.,.) = 
  1

(2,1,2,.,.) = 
  5

(1,2,2,.,.) = 
  3

(2,2,2,.,.) = 
  7
[ CPULongType{2,2,2,1,1} ])");
  EXPECT_EQ(shown(arange(6).reshape({1, 6})), R"( 0  1  2  3  4  5
[ CPULongType{1,6} ])");
  EXPECT_EQ(shown(arange(6).reshape({6, 1})), R"( 0
 1
 2
 3
 4
 5
[ CPULongType{6,1} ])");
  EXPECT_EQ(shown(arange(4).reshape({2, 2}).t()), R"( 0  2
 1  3
[ CPULongType{2,2} ])");
  EXPECT_EQ(shown(arange(6).reshape({2, 3}).to(kFloat).t()), R"( 0  3
 1  4
 2  5
[ CPUFloatType{3,2} ])");
  EXPECT_EQ(shown(doubles({0.5, 1.5, 2.5})), R"( 0.5000
 1.5000
 2.5000
[ CPUDoubleType{3} ])");
  EXPECT_EQ(shown(doubles({0.1, 0.2, 0.3})), R"( 0.1000
 0.2000
 0.3000
[ CPUDoubleType{3} ])");
  EXPECT_EQ(shown(doubles({-0.1, 0.2, 0.3})), R"(-0.1000
 0.2000
 0.3000
[ CPUDoubleType{3} ])");
  EXPECT_EQ(shown(doubles({1.25, 10.5, 100.125})), R"(   1.2500
  10.5000
 100.1250
[ CPUDoubleType{3} ])");
  EXPECT_EQ(shown(doubles({-1.25, 10.5, -100.125})), R"( -1.2500
 10.5000
-100.1250
[ CPUDoubleType{3} ])");
  EXPECT_EQ(shown(doubles({1234.5, 0.5})), R"( 1234.5000
    0.5000
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({12345.5, 10000.25})), R"( 12345.5000
 10000.2500
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({123456.5, 100000.25})), R"(1e+05 *
 1.2346
 1.0000
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({1234567.5, 1000000.25})), R"(1e+06 *
 1.2346
 1.0000
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({99999.5, 100000.5})), R"(1e+05 *
 1.0000
 1.0000
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({1e-3, 2e-3})), R"(0.001 *
 1.0000
 2.0000
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({1e-1, 2e-2})), R"( 0.1000
 0.0200
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({1.5e-5, 2.5e-5, 3e-5})), R"(1e-05 *
 1.5000
 2.5000
 3.0000
[ CPUDoubleType{3} ])");
  EXPECT_EQ(shown(doubles({1.5e-5, 1.0})), R"( 1.5000e-05
 1.0000e+00
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({1e-10, 1e10})), R"( 1.0000e-10
 1.0000e+10
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({1e-100, 1e100})), R"( 1.0000e-100
 1.0000e+100
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({1.5e-200, 1.25e-200})), R"(1e-200 *
 1.5000
 1.2500
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({1.5e200, 1.25e200})), R"(1.5000e+200
1.2500e+200
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({1e10, 2e10})), R"( 1.0000e+10
 2.0000e+10
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({1e9, 1})), R"( 1.0000e+09
 1.0000e+00
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({1e8, 1})), R"(     1e+08
         1
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({-1e8, 1})), R"(    -1e+08
         1
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({-1e9, 1})), R"(-1.0000e+09
 1.0000e+00
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({-1e9, -2.5})), R"(-1.0000e+09
-2.5000e+00
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({999999999, 1})), R"(     1e+09
         1
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({nan, 1, 2})), R"(nan
 1
 2
[ CPUDoubleType{3} ])");
  EXPECT_EQ(shown(doubles({inf, 1, 2})), R"(inf
 1
 2
[ CPUDoubleType{3} ])");
  EXPECT_EQ(shown(doubles({-inf, 1.5, nan})), R"(   -inf
 1.5000
    nan
[ CPUDoubleType{3} ])");
  EXPECT_EQ(shown(doubles({nan, nan})), R"(nan
nan
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({inf, -inf, 0.5})), R"(    inf
   -inf
 0.5000
[ CPUDoubleType{3} ])");
  EXPECT_EQ(shown(doubles({nan, 1e-7, 3})), R"(        nan
 1.0000e-07
 3.0000e+00
[ CPUDoubleType{3} ])");
  EXPECT_EQ(shown(doubles({0.0, 1e-7})), R"(1e-07 *
 0.0000
 1.0000
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({0.0, 0.5})), R"( 0.0000
 0.5000
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({-0.0, 0.0})), R"(-0
 0
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({-5.5, -0.001})), R"(-5.5000
-0.0010
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({-5000.5, 1})), R"(-5000.5000
    1.0000
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(longs({1, 1000000, -5})), R"(       1
   1e+06
      -5
[ CPULongType{3} ])");
  EXPECT_EQ(shown(longs({1, 1000000000})), R"( 1.0000e+00
 1.0000e+09
[ CPULongType{2} ])");
  EXPECT_EQ(shown(longs({1, 10000000000})), R"( 1.0000e+00
 1.0000e+10
[ CPULongType{2} ])");
  EXPECT_EQ(shown(longs({-1000, 3})), R"(-1000
    3
[ CPULongType{2} ])");
  EXPECT_EQ(shown(longs({-123456, -3})), R"(-123456
     -3
[ CPULongType{2} ])");
  EXPECT_EQ(shown(longs({0, 0})), R"( 0
 0
[ CPULongType{2} ])");
  EXPECT_EQ(shown(full({2, 2}, 12345678, kInt)), R"(1.23457e+07 1.23457e+07
1.23457e+07 1.23457e+07
[ CPUIntType{2,2} ])");
  EXPECT_EQ(shown(full({2, 2}, 255, kByte)), R"( 255  255
 255  255
[ CPUByteType{2,2} ])");
  EXPECT_EQ(shown(full({2, 2}, 1234567.5)), R"(1e+06 *
 1.2346  1.2346
  1.2346  1.2346
[ CPUFloatType{2,2} ])");
  EXPECT_EQ(shown(full({2, 2}, 1.5e-7)), R"(1e-07 *
 1.5000  1.5000
  1.5000  1.5000
[ CPUFloatType{2,2} ])");
  EXPECT_EQ(shown(full({2, 2}, 1234567.5).reshape({1, 2, 2})), R"((1,.,.) = 
 1e+06 *
  1.2346  1.2346
   1.2346  1.2346
[ CPUFloatType{1,2,2} ])");
  EXPECT_EQ(shown(full({2, 2, 2}, 1.5e-7)), R"((1,.,.) = 
 1e-07 *
  1.5000  1.5000
   1.5000  1.5000

(2,.,.) = 
 1e-07 *
  1.5000  1.5000
   1.5000  1.5000
[ CPUFloatType{2,2,2} ])");
  EXPECT_EQ(shown(full({3, 4}, 1e20)), R"( 1.0000e+20  1.0000e+20  1.0000e+20  1.0000e+20
 1.0000e+20  1.0000e+20  1.0000e+20  1.0000e+20
 1.0000e+20  1.0000e+20  1.0000e+20  1.0000e+20
[ CPUFloatType{3,4} ])");
  EXPECT_EQ(shown(arange(40)), R"(  0
  1
  2
  3
  4
  5
  6
  7
  8
  9
 10
 11
 12
 13
 14
 15
 16
 17
 18
 19
 20
 21
 22
 23
 24
 25
 26
 27
 28
 29
 30
 31
 32
 33
 34
 35
 36
 37
 38
 39
[ CPULongType{40} ])");
  EXPECT_EQ(shown(doubles({0.001, 123456.789, -3.5, nan, inf, 2}).reshape({2, 3})),
            R"( 1.0000e-03  1.2346e+05 -3.5000e+00
        nan         inf  2.0000e+00
[ CPUDoubleType{2,3} ])");
  EXPECT_EQ(shown(doubles({100000.5, 123456.789, 300000.5, nan, inf, 200000}).reshape({2, 3})),
            R"(1e+05 *
 1.0000  1.2346  3.0000
     nan     inf  2.0000
[ CPUDoubleType{2,3} ])");
  EXPECT_EQ(shown(doubles({100000.5, 123456.789, 300000.5, nan, inf, 200000}).reshape({2, 1, 3})),
            R"((1,.,.) = 
 1e+05 *
  1.0000  1.2346  3.0000

(2,.,.) = 
     nan     inf   2e+05
[ CPUDoubleType{2,1,3} ])");
  EXPECT_EQ(shown(arange(6).reshape({2, 3}).eq(3)), R"( 0  0  0
 1  0  0
[ CPUBoolType{2,3} ])");
  EXPECT_EQ(shown(arange(9).reshape({3, 3}).select(1, 1)), R"( 1
 4
 7
[ CPULongType{3} ])");
  EXPECT_EQ(shown(ones({1, 1, 1})), R"((1,.,.) = 
  1
[ CPUFloatType{1,1,1} ])");
  EXPECT_EQ(shown(ones({1, 1, 1, 1}) * 1e-30), R"((1,1,.,.) = 
 1e-30 *
  1.0000
[ CPUFloatType{1,1,1,1} ])");
  EXPECT_EQ(shown(doubles({3.14159265358979, 2.71828182845905}).to(kFloat)), R"( 3.1416
 2.7183
[ CPUFloatType{2} ])");
  EXPECT_EQ(shown(doubles({3.14159265358979e-8, 2.71828182845905e8}).to(kFloat)), R"( 3.1416e-08
 2.7183e+08
[ CPUFloatType{2} ])");
  EXPECT_EQ(shown(doubles({16777216.0, 1.0}).to(kFloat)), R"(1.67772e+07
        1
[ CPUFloatType{2} ])");
  EXPECT_EQ(shown(doubles({0.99999, 0.5})), R"( 1.0000
 0.5000
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({9.99999, 0.5})), R"(10.0000
 0.5000
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({1e5, 0.5})), R"( 1.0000e+05
 5.0000e-01
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({1e4, 0.5})), R"( 1.0000e+04
 5.0000e-01
[ CPUDoubleType{2} ])");
  EXPECT_EQ(shown(doubles({-7.25e-3, 1e-3}).reshape({1, 2})), R"(0.001 *
-7.2500  1.0000
[ CPUDoubleType{1,2} ])");
  EXPECT_EQ(shown(doubles({0.5, 1.5, 2.5, 3.5, 12345, 2, 3, 4}).reshape({2, 2, 2})), R"((1,.,.) = 
  0.5000  1.5000
  2.5000  3.5000

(2,.,.) = 
 1.234e+04      2
      3      4
[ CPUDoubleType{2,2,2} ])");
  EXPECT_EQ(shown(doubles({123456.5, 123457.5, 123458.5, 1, 12345, 2, 3, 4}).reshape({2, 2, 2})),
            R"((1,.,.) = 
  1.2346e+05  1.2346e+05
  1.2346e+05  1.0000e+00

(2,.,.) = 
 1.234e+04      2
      3      4
[ CPUDoubleType{2,2,2} ])");
  EXPECT_EQ(
      shown(doubles({123456.5, 223457.5, 323458.5, 423456, 1234567.5, 2000000, 3000000, 4000000})
                .reshape({2, 2, 2})),
      R"((1,.,.) = 
 1e+05 *
  1.2346  2.2346
   3.2346  4.2346

(2,.,.) = 
 1e+06 *
  1.2346  2.0000
   3.0000  4.0000
[ CPUDoubleType{2,2,2} ])");
  EXPECT_EQ(shown(doubles({1, -5000.5, 2})), R"( 1.0000
-5000.5000
 2.0000
[ CPUDoubleType{3} ])");
  EXPECT_EQ(shown(doubles({1, -123456789.5, 2})), R"( 1.0000
-123456789.5000
 2.0000
[ CPUDoubleType{3} ])");
  EXPECT_EQ(shown(doubles({0.001, -0.5})), R"(0.001 *
 1.0000
-500.0000
[ CPUDoubleType{2} ])");
}

TEST(Printing, OtherTypes) {
  EXPECT_EQ(shown(kFloat), "Float");
  EXPECT_EQ(shown(kDouble), "Double");
  EXPECT_EQ(shown(kLong), "Long");
  EXPECT_EQ(shown(kInt), "Int");
  EXPECT_EQ(shown(kByte), "Byte");
  EXPECT_EQ(shown(kBool), "Bool");
  EXPECT_EQ(shown(Device(kCPU)), "cpu");
  EXPECT_EQ(shown(kCPU), "cpu");
  EXPECT_EQ(shown(Device(kCUDA, 1)), "cuda:1");
  EXPECT_EQ(shown(Scalar(1.5)), "1.5");
  EXPECT_EQ(shown(Scalar(3)), "3");
  EXPECT_EQ(shown(Scalar(true)), "true");
  EXPECT_EQ(shown(Scalar(1e10)), "1e+10");
  EXPECT_EQ(shown(Scalar(0.1)), "0.1");
  EXPECT_EQ(shown(Scalar(1.0 / 3)), "0.333333");
  EXPECT_EQ(shown(IntArrayRef(std::vector<int64_t>{1, 2, 3})), "[1, 2, 3]");
  EXPECT_EQ(shown(IntArrayRef()), "[]");
  EXPECT_EQ(shown(IntArrayRef(std::vector<int64_t>{7})), "[7]");
  EXPECT_EQ(shown(ones({2, 3}).sizes()), "[2, 3]");
  EXPECT_EQ(shown(ones({2, 3}).strides()), "[3, 1]");
}

TEST(Printing, UsesAndKeepsTheStreamsOwnFormat) {
  std::ostringstream out;
  out << std::setprecision(10) << full({}, 1.0 / 3, kDouble) << '\n' << 1.0 / 3;
  EXPECT_EQ(out.str(), "0.3333333333\n[ CPUDoubleType{} ]\n0.3333333333");
  out.str("");
  out << std::hex << doubles({1.5, 1e-7}) << '\n' << 255;
  EXPECT_EQ(out.str(), " 1.5000e+00\n 1.0000e-07\n[ CPUDoubleType{2} ]\nff");
}

}  // namespace
}  // namespace taper
