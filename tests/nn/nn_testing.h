#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "taper/tensor/error.h"

// The statement throws a taper::Error whose message contains the text.
#define EXPECT_ERROR(statement, text)                                     \
  do {                                                                    \
    try {                                                                 \
      static_cast<void>(statement);                                       \
      ADD_FAILURE() << "expected an error: " << (text);                   \
    } catch (const taper::Error& error) {                                 \
      EXPECT_THAT(std::string(error.what()), ::testing::HasSubstr(text)); \
    }                                                                     \
  } while (false)
