#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "taper/taper.h"

namespace taper {

// A float64 leaf that wants a gradient.
inline Tensor leaf(std::vector<double> values) {
  return tensor(values, dtype(kFloat64).requires_grad(true));
}

inline std::vector<double> values(const Tensor& x) {
  Tensor dense = x.detach().to(kFloat64).contiguous();
  return {dense.data_ptr<double>(), dense.data_ptr<double>() + dense.numel()};
}

inline std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& e) {
    return e.what();
  }
  return "nothing was thrown";
}

}  // namespace taper

// The call throws taper::Error, and `part` stands in its message.
#define EXPECT_ERROR(call, part) \
  EXPECT_THAT(::taper::message_of([&] { call; }), ::testing::HasSubstr(part))
