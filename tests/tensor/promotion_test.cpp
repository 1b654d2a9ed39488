// Type promotion: the dtype of every pair of dtypes, as libtorch 1.13 gives it, for tensors with
// dimensions, 0-dim tensors and C++ numbers; and arithmetic of integers and bools.

#include "taper/tensor/promotion.h"

#include "core_testing.h"

namespace taper {
namespace {

constexpr ScalarType kTypes[] = {kUInt8, kInt32, kInt64, kFloat32, kFloat64, kBool};

char letter(ScalarType type) {
  switch (type) {
    case ScalarType::Byte:
      return 'B';
    case ScalarType::Int:
      return 'I';
    case ScalarType::Long:
      return 'L';
    case ScalarType::Float:
      return 'F';
    case ScalarType::Double:
      return 'D';
    default:
      return 'b';
  }
}

// The letter of the dtype that fn() gives, x if it throws.
template <class Fn>
char outcome(Fn fn) {
  try {
    return letter(fn());
  } catch (const Error&) {
    return 'x';
  }
}

Tensor sample(ScalarType type, bool zero_dim) {
  return zero_dim ? ones({}, type) : ones({2}, type);
}

// One line for each of dim/dim, dim/0-dim, 0-dim/dim, 0-dim/0-dim; in it a word for each left dtype
// with a letter for each right dtype, both in the order BILFDb.
using Table = std::vector<std::string>;

template <class Fn>
Table table_of(Fn fn) {
  Table table;
  for (bool left : {false, true}) {
    for (bool right : {false, true}) {
      std::string line;
      for (ScalarType a : kTypes) {
        if (!line.empty()) line += ' ';
        for (ScalarType b : kTypes) {
          line += outcome([&] { return fn(sample(a, left), sample(b, right)); });
        }
      }
      table.push_back(line);
    }
  }
  return table;
}

// The same with true, 2 and 1.5 on the right; one line, the same for tensors of either kind.
template <class Fn>
std::string numbers_of(Fn fn) {
  std::string lines[2];
  for (bool zero_dim : {false, true}) {
    std::string& line = lines[zero_dim ? 1 : 0];
    for (ScalarType a : kTypes) {
      if (!line.empty()) line += ' ';
      for (const Scalar& s : {Scalar(true), Scalar(2), Scalar(1.5)}) {
        line += outcome([&] { return fn(sample(a, zero_dim), s); });
      }
    }
  }
  EXPECT_EQ(lines[0], lines[1]);
  return lines[0];
}

#define TABLE_OF(expression)                                                     \
  table_of([]([[maybe_unused]] const Tensor& a, const Tensor& b) -> ScalarType { \
    Tensor x = a;                                                                \
    return (expression);                                                         \
  })
#define NUMBERS_OF(expression)                                    \
  numbers_of([](const Tensor& a, const Scalar& b) -> ScalarType { \
    Tensor x = a;                                                 \
    return (expression);                                          \
  })

const Table kPromoted = {
    "BILFDB IILFDI LLLFDL FFFFDF DDDDDD BILFDb",
    "BBBFDB IIIFDI LLLFDL FFFFFF DDDDDD BILFDb",
    "BILFDB BILFDI BILFDL FFFFDF DDDFDD BILFDb",
    "BILFDB IILFDI LLLFDL FFFFDF DDDDDD BILFDb",
};
const Table kReal = {
    "FFFFDF FFFFDF FFFFDF FFFFDF DDDDDD FFFFDF",
    "FFFFDF FFFFDF FFFFDF FFFFFF DDDDDD FFFFDF",
    "FFFFDF FFFFDF FFFFDF FFFFDF DDDFDD FFFFDF",
    "FFFFDF FFFFDF FFFFDF FFFFDF DDDDDD FFFFDF",
};

// Without bool and bool, which the operation refuses.
Table without_bools(Table table) {
  for (std::string& line : table) line.back() = 'x';
  return table;
}

TEST(Promotion, ResultType) {
  EXPECT_EQ(TABLE_OF(result_type(x, b)), kPromoted);
  EXPECT_EQ(NUMBERS_OF(result_type(x, b)), "BBF IIF LLF FFF DDD bLF");
  EXPECT_EQ(result_type({ones({}, kFloat64), ones({2}, kInt32), ones({2}, kUInt8)}), kFloat64);
  EXPECT_EQ(result_type({ones({}, kInt64), ones({2}, kInt32), ones({2}, kUInt8)}), kInt32);
}

TEST(Promotion, Arithmetic) {
  EXPECT_EQ(TABLE_OF((x + b).scalar_type()), kPromoted);
  EXPECT_EQ(TABLE_OF((x * b).scalar_type()), kPromoted);
  EXPECT_EQ(TABLE_OF(maximum(x, b).scalar_type()), kPromoted);
  EXPECT_EQ(TABLE_OF(where(ones({2}, kBool), x, b).scalar_type()), kPromoted);
  EXPECT_EQ(TABLE_OF(x.pow(b).scalar_type()), without_bools(kPromoted));
  EXPECT_EQ(TABLE_OF(x.floor_divide(b).scalar_type()), without_bools(kPromoted));
  EXPECT_EQ(TABLE_OF((x % b).scalar_type()), without_bools(kPromoted));
  EXPECT_EQ(TABLE_OF((x / b).scalar_type()), kReal);
  EXPECT_EQ(TABLE_OF(x.atan2(b).scalar_type()), kReal);
}

TEST(Promotion, SubtractionRefusesBools) {
  EXPECT_EQ(TABLE_OF((x - b).scalar_type()), (Table{"BILFDx IILFDx LLLFDx FFFFDx DDDDDx xxxxxx",
                                                    "BBBFDx IIIFDx LLLFDx FFFFFx DDDDDx xxxxxx",
                                                    "BILFDx BILFDx BILFDx FFFFDx DDDFDx xxxxxx",
                                                    "BILFDx IILFDx LLLFDx FFFFDx DDDDDx xxxxxx"}));
  EXPECT_EQ(NUMBERS_OF((x - b).scalar_type()), "xBF xIF xLF xFF xDD xxx");
}

TEST(Promotion, BitsAreForIntegersAndBools) {
  EXPECT_EQ(TABLE_OF((x & b).scalar_type()), (Table{"BILxxB IILxxI LLLxxL xxxxxx xxxxxx BILxxb",
                                                    "BBBxxB IIIxxI LLLxxL xxxxxx xxxxxx BILxxb",
                                                    "BILxxB BILxxI BILxxL xxxxxx xxxxxx BILxxb",
                                                    "BILxxB IILxxI LLLxxL xxxxxx xxxxxx BILxxb"}));
}

TEST(Promotion, ComparisonsAreBool) {
  for (const std::string& line : TABLE_OF((x == b).scalar_type())) {
    EXPECT_EQ(line, "bbbbbb bbbbbb bbbbbb bbbbbb bbbbbb bbbbbb");
  }
  for (const std::string& line : TABLE_OF((x < b).scalar_type())) {
    EXPECT_EQ(line, "bbbbbb bbbbbb bbbbbb bbbbbb bbbbbb bbbbbb");
  }
  EXPECT_EQ(NUMBERS_OF((x >= b).scalar_type()), "bbb bbb bbb bbb bbb bbb");
}

TEST(Promotion, Numbers) {
  EXPECT_EQ(NUMBERS_OF((x + b).scalar_type()), "BBF IIF LLF FFF DDD bLF");
  EXPECT_EQ(NUMBERS_OF((b * x).scalar_type()), "BBF IIF LLF FFF DDD bLF");
  EXPECT_EQ(NUMBERS_OF((x / b).scalar_type()), "FFF FFF FFF FFF DDD FFF");
  EXPECT_EQ(NUMBERS_OF(x.pow(b).scalar_type()), "BBF IIF LLF FFF DDD xLF");
  EXPECT_EQ(NUMBERS_OF(pow(b, x).scalar_type()), "BBF IIF LLF FFF DDD xLF");
  EXPECT_EQ(NUMBERS_OF(x.floor_divide(b).scalar_type()), "BBF IIF LLF FFF DDD xLF");
  EXPECT_EQ(NUMBERS_OF(x.clamp(b).scalar_type()), "BBF IIF LLF FFF DDD xLF");
  EXPECT_EQ(NUMBERS_OF(where(ones({2}, kBool), x, b).scalar_type()), "BBF IIF LLF FFF DDD bLF");
  // The operators cut a number on the left to the tensor's dtype, as libtorch's do; rsub does not.
  expect_tensor(2 - ones({2}, kInt64), kInt64, {2}, {1, 1});
  expect_tensor(2.5 - ones({2}, kInt64), kInt64, {2}, {1, 1});
  expect_tensor(2.5 % full({2}, 3), kInt64, {2}, {2, 2});
  EXPECT_ERROR(1 / ones({2}, kInt64),
               "result type Float can't be cast to the desired output type Long");
  expect_tensor(rsub(ones({2}, kInt64), 2.5), kFloat32, {2}, {1.5, 1.5});
}

TEST(Promotion, InPlaceKeepsItsDtype) {
  const Table numbers = {
      "BBBxxB IIIxxI LLLxxL FFFFFF DDDDDD xxxxxb", "BBBxxB IIIxxI LLLxxL FFFFFF DDDDDD xxxxxb",
      // A 0-dim tensor has no room for two elements.
      "xxxxxx xxxxxx xxxxxx xxxxxx xxxxxx xxxxxx", "BBBxxB IIIxxI LLLxxL FFFFFF DDDDDD xxxxxb"};
  EXPECT_EQ(TABLE_OF(x.add_(b).scalar_type()), numbers);
  EXPECT_EQ(TABLE_OF(x.mul_(b).scalar_type()), numbers);
  EXPECT_EQ(TABLE_OF(x.div_(b).scalar_type()),
            (Table{"xxxxxx xxxxxx xxxxxx FFFFFF DDDDDD xxxxxx",
                   "xxxxxx xxxxxx xxxxxx FFFFFF DDDDDD xxxxxx",
                   "xxxxxx xxxxxx xxxxxx xxxxxx xxxxxx xxxxxx",
                   "xxxxxx xxxxxx xxxxxx FFFFFF DDDDDD xxxxxx"}));
  EXPECT_EQ(NUMBERS_OF(x.add_(b).scalar_type()), "BBx IIx LLx FFF DDD bxx");
  EXPECT_EQ(NUMBERS_OF(x.mul_(b).scalar_type()), "BBx IIx LLx FFF DDD bxx");
  EXPECT_EQ(NUMBERS_OF(x.div_(b).scalar_type()), "xxx xxx xxx FFF DDD xxx");
  EXPECT_EQ(NUMBERS_OF(x.pow_(b).scalar_type()), "BBx IIx LLx FFF DDD xxx");
}

TEST(Promotion, NamesBothTypesWhenItCannot) {
  Tensor x = arange(3);
  const char* text = "result type Float can't be cast to the desired output type Long";
  EXPECT_ERROR(x.add_(1.5), text);
  EXPECT_ERROR(x.add_(ones({3})), text);
  EXPECT_ERROR(x.div_(2), text);
  EXPECT_ERROR(x.sqrt_(), text);
  EXPECT_ERROR(x.clamp_(0.5),
               "result type Float can't be cast to the desired output type long int");
  EXPECT_ERROR(x.clamp(0).to(kBool).add_(1),
               "result type Long can't be cast to the desired output type Bool");
  EXPECT_EQ(values(x), (Values{0, 1, 2}));
  EXPECT_ERROR(x.add(x, 1.5),
               "For integral input tensors, argument alpha must not be a floating "
               "point number.");
  EXPECT_ERROR(x.add(x, true), "Boolean alpha only supported for Boolean results.");
}

TEST(Promotion, FollowsTheDefaultDtype) {
  set_default_dtype(kFloat64);
  EXPECT_EQ((arange(3) / 2).scalar_type(), kFloat64);
  EXPECT_EQ((arange(3) + 1.5).scalar_type(), kFloat64);
  EXPECT_EQ((ones({2}, kFloat32) + 1.5).scalar_type(), kFloat32);
  EXPECT_EQ(arange(3).sqrt().scalar_type(), kFloat64);
  set_default_dtype(kFloat32);
}

TEST(Promotion, CommonDtypes) {
  for (ScalarType a : kTypes) {
    for (ScalarType b : kTypes) {
      EXPECT_EQ(promote_types(a, b), promote_types(b, a));
      EXPECT_EQ(letter(promote_types(a, b)), letter((ones({2}, a) * ones({2}, b)).scalar_type()));
    }
  }
  EXPECT_TRUE(can_cast(kFloat64, kFloat32));
  EXPECT_TRUE(can_cast(kInt64, kUInt8));
  EXPECT_FALSE(can_cast(kFloat32, kInt64));
  EXPECT_FALSE(can_cast(kUInt8, kBool));
}

// --- Integers and bools ---

TEST(Integers, Divide) {
  const Tensor x = tensor({7, -7});
  expect_tensor(x / 2, kFloat32, {2}, {3.5, -3.5});
  expect_tensor(x.floor_divide(2), kInt64, {2}, {3, -4});
  expect_tensor(x.div(2, "floor"), kInt64, {2}, {3, -4});
  expect_tensor(x.div(2, "trunc"), kInt64, {2}, {3, -3});
  expect_tensor(x % 3, kInt64, {2}, {1, 2});
  expect_tensor(x % -3, kInt64, {2}, {-2, -1});
  expect_tensor(x.fmod(3), kInt64, {2}, {1, -1});
  EXPECT_EQ(values(tensor({1, -1}) / 0), (Values{kInf, -kInf}));
  EXPECT_EQ(values(ones({1}).floor_divide(0)), (Values{kInf}));
  EXPECT_ERROR(x.floor_divide(0), "ZeroDivisionError");
  EXPECT_ERROR(x % 0, "ZeroDivisionError");
  EXPECT_ERROR(ones({100000}, kInt32).fmod(zeros({1}, kInt32)), "ZeroDivisionError");
  EXPECT_ERROR(x.div(x, "round"),
               "div expected rounding_mode to be one of None, 'trunc', or "
               "'floor' but found 'round'");
}

TEST(Integers, WrapAround) {
  const auto as_long = [](const Tensor& x) { return x.item<int64_t>(); };
  EXPECT_EQ(as_long(tensor({kMax}) + 1), kMin);
  EXPECT_EQ(as_long(tensor({kMin}) - 1), kMax);
  EXPECT_EQ(as_long(tensor({kMax}) * 2), -2);
  EXPECT_EQ(as_long(-tensor({kMin})), kMin);
  EXPECT_EQ(as_long(tensor({kMin}).abs()), kMin);
  EXPECT_EQ(as_long(tensor({kMin}).floor_divide(-1)), kMin);
  EXPECT_EQ(as_long(tensor({kMin}) % -1), 0);
  EXPECT_EQ(as_long(tensor({2}).pow(63)), kMin);
  expect_tensor(tensor({200, 100}, kUInt8) * 2, kUInt8, {2}, {144, 200});
  expect_tensor(tensor({5}, kUInt8) - 10, kUInt8, {1}, {251});
  expect_tensor(ones({1}, kUInt8) + 300, kUInt8, {1}, {45});
  expect_tensor(tensor({7}, kInt32) * 2147483647, kInt32, {1}, {2147483641});
  expect_tensor(tensor({7}, kInt32) + int64_t{3000000000}, kInt32, {1}, {-1294967289});
}

TEST(Integers, Powers) {
  expect_tensor(tensor({0, 2, -3}).pow(3), kInt64, {3}, {0, 8, -27});
  expect_tensor(pow(2, arange(4)), kInt64, {4}, {1, 2, 4, 8});
  expect_tensor(tensor({-1, 1, 2}).pow(tensor({-1, -2, -3})), kInt64, {3}, {-1, 1, 0});
  EXPECT_ERROR(arange(3).pow(-1), "Integers to negative integer powers are not allowed.");
}

TEST(Integers, KeepAllTheirDigits) {
  const int64_t odd = (int64_t{1} << 53) + 1;
  EXPECT_EQ((tensor({odd}) * 1).item<int64_t>(), odd);
  EXPECT_EQ((tensor({odd}) + 0).item<int64_t>(), odd);
  EXPECT_FALSE((tensor({odd}) == odd - 1).item<bool>());
  EXPECT_EQ(tensor({odd}).clamp(odd).item<int64_t>(), odd);
}

TEST(Bools, AddAsOrAndMultiplyAsAnd) {
  const Tensor x = tensor({true, true, false});
  const Tensor y = tensor({true, false, false});
  expect_tensor(x + y, kBool, {3}, {1, 1, 0});
  expect_tensor(x * y, kBool, {3}, {1, 0, 0});
  expect_tensor(x + 1, kInt64, {3}, {2, 2, 1});
  expect_tensor(x / 2, kFloat32, {3}, {0.5, 0.5, 0});
  expect_tensor(x & y, kBool, {3}, {1, 0, 0});
  expect_tensor(x | y, kBool, {3}, {1, 1, 0});
  expect_tensor(x ^ y, kBool, {3}, {0, 1, 0});
  expect_tensor(~x, kBool, {3}, {0, 0, 1});
  expect_tensor(~tensor({0, 1}), kInt64, {2}, {-1, -2});
}

TEST(Bools, ErrorsNameTheWayOut) {
  Tensor x = ones({3}, kBool);
  const char* both =
      "Subtraction, the `-` operator, with two bool tensors is not supported. Use "
      "the `^` or `logical_xor()` operator instead.";
  const char* one =
      "Subtraction, the `-` operator, with a bool tensor is not supported. If you are "
      "trying to invert a mask, use the `~` or `logical_not()` operator instead.";
  EXPECT_ERROR(x - x, both);
  EXPECT_ERROR(x.sub_(x), both);
  EXPECT_ERROR(x - ones({3}), one);
  EXPECT_ERROR(1 - x, both);
  const char* negation = "Negation, the `-` operator, on a bool tensor is not supported.";
  EXPECT_ERROR(-x, negation);
  EXPECT_ERROR(x.neg_(), negation);
  EXPECT_ERROR(x.abs(), "\"abs_cpu\" not implemented for 'Bool'");
  EXPECT_ERROR(ones({2}) & ones({2}), "\"bitwise_and_cpu\" not implemented for 'Float'");
}

}  // namespace
}  // namespace taper
