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

// Each expected text is what libtorch 1.13.1's operator<< prints for the same expression, letter by
// letter, its oddities included.
namespace taper {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Tensor doubles(const std::vector<double>& values) { return tensor(values, kDouble); }
Tensor longs(const std::vector<int64_t>& values) { return tensor(values, kLong); }

template <class T>
std::string shown(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

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

TEST(Printing, TensorsInColumns) {
  EXPECT_EQ(
      shown(arange(40).reshape({1, 40})),
      R"(Columns 1 to 20  0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15  16  17  18  19

Columns 21 to 40 20  21  22  23  24  25  26  27  28  29  30  31  32  33  34  35  36  37  38  39
[ CPULongType{1,40} ])");
  EXPECT_EQ(
      shown(arange(80).reshape({2, 40})),
      R"(Columns 1 to 20  0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15  16  17  18  19
 40  41  42  43  44  45  46  47  48  49  50  51  52  53  54  55  56  57  58  59

Columns 21 to 40 20  21  22  23  24  25  26  27  28  29  30  31  32  33  34  35  36  37  38  39
 60  61  62  63  64  65  66  67  68  69  70  71  72  73  74  75  76  77  78  79
[ CPULongType{2,40} ])");
  EXPECT_EQ(shown(arange(60).reshape({2, 30}).to(kFloat) * 0.37),
            R"(Columns 1 to 8  0.0000   0.3700   0.7400   1.1100   1.4800   1.8500   2.2200   2.5900
 11.1000  11.4700  11.8400  12.2100  12.5800  12.9500  13.3200  13.6900

Columns 9 to 16  2.9600   3.3300   3.7000   4.0700   4.4400   4.8100   5.1800   5.5500
 14.0600  14.4300  14.8000  15.1700  15.5400  15.9100  16.2800  16.6500

Columns 17 to 24  5.9200   6.2900   6.6600   7.0300   7.4000   7.7700   8.1400   8.5100
 17.0200  17.3900  17.7600  18.1300  18.5000  18.8700  19.2400  19.6100

Columns 25 to 30  8.8800   9.2500   9.6200   9.9900  10.3600  10.7300
 19.9800  20.3500  20.7200  21.0900  21.4600  21.8300
[ CPUFloatType{2,30} ])");
  EXPECT_EQ(shown(arange(60).reshape({2, 30}).to(kFloat) * 12345.37),
            R"(Columns 1 to 6 0.0000e+00  1.2345e+04  2.4691e+04  3.7036e+04  4.9381e+04  6.1727e+04
 3.7036e+05  3.8271e+05  3.9505e+05  4.0740e+05  4.1974e+05  4.3209e+05

Columns 7 to 12 7.4072e+04  8.6418e+04  9.8763e+04  1.1111e+05  1.2345e+05  1.3580e+05
 4.4443e+05  4.5678e+05  4.6912e+05  4.8147e+05  4.9381e+05  5.0616e+05

Columns 13 to 18 1.4814e+05  1.6049e+05  1.7284e+05  1.8518e+05  1.9753e+05  2.0987e+05
 5.1851e+05  5.3085e+05  5.4320e+05  5.5554e+05  5.6789e+05  5.8023e+05

Columns 19 to 24 2.2222e+05  2.3456e+05  2.4691e+05  2.5925e+05  2.7160e+05  2.8394e+05
 5.9258e+05  6.0492e+05  6.1727e+05  6.2961e+05  6.4196e+05  6.5430e+05

Columns 25 to 30 2.9629e+05  3.0863e+05  3.2098e+05  3.3332e+05  3.4567e+05  3.5802e+05
 6.6665e+05  6.7900e+05  6.9134e+05  7.0369e+05  7.1603e+05  7.2838e+05
[ CPUFloatType{2,30} ])");
  EXPECT_EQ(shown(arange(60).reshape({1, 2, 30}).to(kFloat) * 0.37), R"((1,.,.) = 
 Columns 1 to 8   0.0000   0.3700   0.7400   1.1100   1.4800   1.8500   2.2200   2.5900
  11.1000  11.4700  11.8400  12.2100  12.5800  12.9500  13.3200  13.6900

Columns 9 to 16   2.9600   3.3300   3.7000   4.0700   4.4400   4.8100   5.1800   5.5500
  14.0600  14.4300  14.8000  15.1700  15.5400  15.9100  16.2800  16.6500

Columns 17 to 24   5.9200   6.2900   6.6600   7.0300   7.4000   7.7700   8.1400   8.5100
  17.0200  17.3900  17.7600  18.1300  18.5000  18.8700  19.2400  19.6100

Columns 25 to 30   8.8800   9.2500   9.6200   9.9900  10.3600  10.7300
  19.9800  20.3500  20.7200  21.0900  21.4600  21.8300
[ CPUFloatType{1,2,30} ])");
  EXPECT_EQ(shown(arange(60).reshape({1, 2, 30}).to(kFloat) * 12345.37), R"((1,.,.) = 
 Columns 1 to 6  0.0000e+00  1.2345e+04  2.4691e+04  3.7036e+04  4.9381e+04  6.1727e+04
  3.7036e+05  3.8271e+05  3.9505e+05  4.0740e+05  4.1974e+05  4.3209e+05

Columns 7 to 12  7.4072e+04  8.6418e+04  9.8763e+04  1.1111e+05  1.2345e+05  1.3580e+05
  4.4443e+05  4.5678e+05  4.6912e+05  4.8147e+05  4.9381e+05  5.0616e+05

Columns 13 to 18  1.4814e+05  1.6049e+05  1.7284e+05  1.8518e+05  1.9753e+05  2.0987e+05
  5.1851e+05  5.3085e+05  5.4320e+05  5.5554e+05  5.6789e+05  5.8023e+05

Columns 19 to 24  2.2222e+05  2.3456e+05  2.4691e+05  2.5925e+05  2.7160e+05  2.8394e+05
  5.9258e+05  6.0492e+05  6.1727e+05  6.2961e+05  6.4196e+05  6.5430e+05

Columns 25 to 30  2.9629e+05  3.0863e+05  3.2098e+05  3.3332e+05  3.4567e+05  3.5802e+05
  6.6665e+05  6.7900e+05  6.9134e+05  7.0369e+05  7.1603e+05  7.2838e+05
[ CPUFloatType{1,2,30} ])");
  EXPECT_EQ(shown(arange(60).reshape({1, 2, 30}).to(kDouble) * 1e6), R"((1,.,.) = 
 Columns 1 to 7         0     1e+06     2e+06     3e+06     4e+06     5e+06     6e+06
     3e+07   3.1e+07   3.2e+07   3.3e+07   3.4e+07   3.5e+07   3.6e+07

Columns 8 to 14     7e+06     8e+06     9e+06     1e+07   1.1e+07   1.2e+07   1.3e+07
   3.7e+07   3.8e+07   3.9e+07     4e+07   4.1e+07   4.2e+07   4.3e+07

Columns 15 to 21   1.4e+07   1.5e+07   1.6e+07   1.7e+07   1.8e+07   1.9e+07     2e+07
   4.4e+07   4.5e+07   4.6e+07   4.7e+07   4.8e+07   4.9e+07     5e+07

Columns 22 to 28   2.1e+07   2.2e+07   2.3e+07   2.4e+07   2.5e+07   2.6e+07   2.7e+07
   5.1e+07   5.2e+07   5.3e+07   5.4e+07   5.5e+07   5.6e+07   5.7e+07

Columns 29 to 30   2.8e+07   2.9e+07
   5.8e+07   5.9e+07
[ CPUDoubleType{1,2,30} ])");
  EXPECT_EQ(shown(arange(120).reshape({2, 2, 30}).to(kDouble) / 7), R"((1,.,.) = 
 Columns 1 to 9  0.0000  0.1429  0.2857  0.4286  0.5714  0.7143  0.8571  1.0000  1.1429
  4.2857  4.4286  4.5714  4.7143  4.8571  5.0000  5.1429  5.2857  5.4286

Columns 10 to 18  1.2857  1.4286  1.5714  1.7143  1.8571  2.0000  2.1429  2.2857  2.4286
  5.5714  5.7143  5.8571  6.0000  6.1429  6.2857  6.4286  6.5714  6.7143

Columns 19 to 27  2.5714  2.7143  2.8571  3.0000  3.1429  3.2857  3.4286  3.5714  3.7143
  6.8571  7.0000  7.1429  7.2857  7.4286  7.5714  7.7143  7.8571  8.0000

Columns 28 to 30  3.8571  4.0000  4.1429
  8.1429  8.2857  8.4286

(2,.,.) = 
 Columns 1 to 8   8.5714   8.7143   8.8571   9.0000   9.1429   9.2857   9.4286   9.5714
  12.8571  13.0000  13.1429  13.2857  13.4286  13.5714  13.7143  13.8571

Columns 9 to 16   9.7143   9.8571  10.0000  10.1429  10.2857  10.4286  10.5714  10.7143
  14.0000  14.1429  14.2857  14.4286  14.5714  14.7143  14.8571  15.0000

Columns 17 to 24  10.8571  11.0000  11.1429  11.2857  11.4286  11.5714  11.7143  11.8571
  15.1429  15.2857  15.4286  15.5714  15.7143  15.8571  16.0000  16.1429

Columns 25 to 30  12.0000  12.1429  12.2857  12.4286  12.5714  12.7143
  16.2857  16.4286  16.5714  16.7143  16.8571  17.0000
[ CPUDoubleType{2,2,30} ])");
  EXPECT_EQ(
      shown(arange(26).reshape({1, 26}) + 10),
      R"(Columns 1 to 20 10  11  12  13  14  15  16  17  18  19  20  21  22  23  24  25  26  27  28  29

Columns 21 to 26 30  31  32  33  34  35
[ CPULongType{1,26} ])");
  EXPECT_EQ(
      shown(arange(27).reshape({1, 27}) + 10),
      R"(Columns 1 to 20 10  11  12  13  14  15  16  17  18  19  20  21  22  23  24  25  26  27  28  29

Columns 21 to 27 30  31  32  33  34  35  36
[ CPULongType{1,27} ])");
  EXPECT_EQ(shown(arange(25).reshape({1, 1, 25}) + 10), R"((1,.,.) = 
 Columns 1 to 19  10  11  12  13  14  15  16  17  18  19  20  21  22  23  24  25  26  27  28

Columns 20 to 25  29  30  31  32  33  34
[ CPULongType{1,1,25} ])");
  EXPECT_EQ(
      shown(ones({2, 41})),
      R"(Columns 1 to 26 1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1
 1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1  1

Columns 27 to 41 1  1  1  1  1  1  1  1  1  1  1  1  1  1  1
 1  1  1  1  1  1  1  1  1  1  1  1  1  1  1
[ CPUFloatType{2,41} ])");
  EXPECT_EQ(
      shown(ones({1, 11}) * 0.5),
      R"(Columns 1 to 10 0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000

Columns 11 to 11 0.5000
[ CPUFloatType{1,11} ])");
  EXPECT_EQ(
      shown(ones({1, 12}) * 0.5),
      R"(Columns 1 to 10 0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000

Columns 11 to 12 0.5000  0.5000
[ CPUFloatType{1,12} ])");
  EXPECT_EQ(shown(ones({2, 2, 12}) * 0.5), R"((1,.,.) = 
 Columns 1 to 9  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000
  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000

Columns 10 to 12  0.5000  0.5000  0.5000
  0.5000  0.5000  0.5000

(2,.,.) = 
 Columns 1 to 9  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000
  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000  0.5000

Columns 10 to 12  0.5000  0.5000  0.5000
  0.5000  0.5000  0.5000
[ CPUFloatType{2,2,12} ])");
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

TEST(Printing, TakesTheWidthOfLines) {
  std::ostringstream out;
  print(out, arange(6).reshape({1, 6}), 8);
  EXPECT_EQ(
      out.str(),
      "Columns 1 to 2 0  1\n\nColumns 3 to 4 2  3\n\nColumns 5 to 6 4  5\n[ CPULongType{1,6} ]");
}

TEST(Printing, NarrowerThanANumberIsANumberALine) {
  std::ostringstream out;
  print(out, arange(2).reshape({1, 2}), 1);
  EXPECT_EQ(out.str(), "Columns 1 to 1 0\n\nColumns 2 to 2 1\n[ CPULongType{1,2} ]");
}

}  // namespace
}  // namespace taper
