#pragma once

#include <gtest/gtest.h>

#include "taper/autograd/gradcheck.h"

// Gradient checks as GoogleTest expectations. The only header of taper that includes GoogleTest:
// include it where you test.

namespace taper::testing {

inline ::testing::AssertionResult as_assertion(const autograd::GradcheckResult& result) {
  return result ? ::testing::AssertionSuccess() : ::testing::AssertionFailure() << result.message;
}

template <class Fn>
::testing::AssertionResult gradients_match(Fn fn, const autograd::variable_list& inputs,
                                           const autograd::GradcheckOptions& options = {}) {
  return as_assertion(autograd::check_gradients(
      autograd::internal::as_gradcheck_function(std::move(fn)), inputs, options));
}

template <class Fn>
::testing::AssertionResult second_gradients_match(Fn fn, const autograd::variable_list& inputs,
                                                  const autograd::GradcheckOptions& options = {}) {
  return as_assertion(autograd::check_second_gradients(
      autograd::internal::as_gradcheck_function(std::move(fn)), inputs, {}, options));
}

}  // namespace taper::testing

// EXPECT_GRADCHECK(fn, inputs[, options]): the first derivatives of fn agree with central
// differences.
#define EXPECT_GRADCHECK(...) EXPECT_TRUE(::taper::testing::gradients_match(__VA_ARGS__))
// The second derivatives too.
#define EXPECT_GRADGRADCHECK(...) EXPECT_TRUE(::taper::testing::second_gradients_match(__VA_ARGS__))
// For the parameters of a module: EXPECT_GRADCHECK_PARAMETERS([&] { return layer(x); }, layer).
#define EXPECT_GRADCHECK_PARAMETERS(...) \
  EXPECT_TRUE(                           \
      ::taper::testing::as_assertion(::taper::autograd::check_module_gradients(__VA_ARGS__)))
