#include "taper/autograd/anomaly.h"

#include <exception>
#include <string>

#include "autograd/testing.h"

// Outside of taper's namespace, as a user's code is.
namespace script {

// The line of the call that is looked for, noted where it stands.
int line = 0;

__attribute__((noinline)) taper::Tensor root_of_negative(const taper::Tensor& x) {
  line = __LINE__ + 1;
  return (x - 5).sqrt();
}

struct Failing : taper::autograd::Function<Failing> {
  static taper::Tensor forward(taper::autograd::AutogradContext*, const taper::Tensor& x) {
    return x * 2;
  }
  static taper::autograd::variable_list backward(taper::autograd::AutogradContext*,
                                                 taper::autograd::variable_list) {
    throw std::out_of_range("no such key");
  }
};

}  // namespace script

namespace taper {
namespace {

using autograd::AnomalyMode;
using autograd::DetectAnomalyGuard;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string with_line(const std::string& file) { return file + ":" + std::to_string(script::line); }

TEST(Anomaly, NanNamesTheForwardOperationItsShapesAndItsCaller) {
  const DetectAnomalyGuard guard;
  const Tensor x = leaf({1, 9});
  const std::string message =
      message_of([&] { (script::root_of_negative(x) * zeros({2}, kFloat64)).sum().backward(); });
  EXPECT_TRUE(contains(message, "Function 'SqrtBackward0' returned nan values in its 0th output."))
      << message;
  EXPECT_TRUE(contains(message, "In the backward of sqrt (SqrtBackward0): [2] -> [2], called by "))
      << message;
  EXPECT_TRUE(contains(message, "script::root_of_negative(taper::Tensor const&)")) << message;
  // This file is compiled with debug information in every build.
  EXPECT_TRUE(contains(message, with_line("anomaly_test.cpp"))) << message;
}

TEST(Anomaly, WhatBackwardThrowsNamesThemToo) {
  const DetectAnomalyGuard guard;
  const Tensor x = leaf({1, 2});
  const Tensor y = x.exp();
  y.add_(1);
  const std::string message = message_of([&] { y.sum().backward(); });
  EXPECT_TRUE(contains(message, "modified by an inplace operation")) << message;
  EXPECT_TRUE(contains(message, "\nIn the backward of exp (ExpBackward0): [2] -> [2], called by "))
      << message;
}

TEST(Anomaly, AnotherExceptionIsNestedInTheError) {
  const DetectAnomalyGuard guard;
  const Tensor y = script::Failing::apply(leaf({1}));
  try {
    y.backward();
    FAIL();
  } catch (const Error& error) {
    EXPECT_TRUE(contains(error.what(), "no such key\nIn the backward of script::Failing"))
        << error.what();
    EXPECT_THROW(std::rethrow_if_nested(error), std::out_of_range);
  }
}

TEST(Anomaly, ABackwardOfABackwardNamesBothCalls) {
  const DetectAnomalyGuard guard;
  const Tensor x = leaf({0});
  // d sqrt'(x) at 0 is inf * 0.
  const Tensor y = x.pow(1.5);
  const Tensor g = autograd::grad({y}, {x}, {}, true, true)[0];
  const std::string message = message_of([&] { autograd::grad({g}, {x}, {zeros({1}, kFloat64)}); });
  EXPECT_TRUE(contains(message, "recorded by the backward of pow, which was called by "))
      << message;
}

TEST(Anomaly, NanIsAllowedWithoutCheckNan) {
  const DetectAnomalyGuard guard(false);
  const Tensor x = leaf({1});
  (script::root_of_negative(x) * 0).sum().backward();
  EXPECT_TRUE(x.grad().isnan().all().item<bool>());
}

TEST(Anomaly, AnOperationFromBeforeIsNamedWithoutItsCall) {
  const Tensor x = leaf({1});
  const Tensor y = (script::root_of_negative(x) * 0).sum();
  const DetectAnomalyGuard guard;
  const std::string message = message_of([&] { y.backward(); });
  EXPECT_TRUE(contains(message,
                       "In the backward of sqrt (SqrtBackward0): its result has the shape "
                       "[1]; it was not recorded in anomaly mode"))
      << message;
}

TEST(Anomaly, AGradientWrittenIntoPlaceIsWatched) {
  const DetectAnomalyGuard guard;
  const Tensor x = leaf({1, 2});
  const std::string message = message_of([&] { (x.select(0, 1) - 5).sqrt().mul(0).backward(); });
  EXPECT_TRUE(contains(message, "SqrtBackward0")) << message;
}

TEST(Anomaly, TheGuardRestoresWhatWas) {
  EXPECT_FALSE(AnomalyMode::is_enabled());
  autograd::set_detect_anomaly(true, false);
  {
    const DetectAnomalyGuard guard;
    EXPECT_TRUE(AnomalyMode::should_check_nan());
  }
  EXPECT_TRUE(AnomalyMode::is_enabled());
  EXPECT_FALSE(AnomalyMode::should_check_nan());
  autograd::set_detect_anomaly(false);
  EXPECT_FALSE(AnomalyMode::is_enabled());
}

TEST(Anomaly, InPlaceChangesOfViewsAreNamedByTheChange) {
  const DetectAnomalyGuard guard;
  const Tensor x = leaf({1, 2});
  const Tensor base = zeros({2, 2}, kFloat64);
  base.select(0, 1).add_(x).sub_(5).sqrt_();
  const std::string message = message_of([&] { (base * 0).sum().backward(); });
  EXPECT_TRUE(contains(message, "CopySlices")) << message;
  EXPECT_TRUE(contains(message, "called by ")) << message;
}

}  // namespace
}  // namespace taper
