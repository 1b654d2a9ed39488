#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "taper/autograd/gtest.h"
#include "taper/autograd/node.h"
#include "taper/autograd/ops.h"
#include "taper/tensor/factories.h"
#include "taper/tensor/indexing.h"
#include "taper/tensor/raw/choose.h"
#include "taper/tensor/raw/core.h"
#include "taper/tensor/raw/index.h"
#include "taper/tensor/raw/join.h"
#include "taper/tensor/threads.h"

// What the tests of indexing, choosing and rearranging share. In a namespace of their own, because
// core_testing.h has some of the same names.
namespace taper {
namespace index_testing {

using autograd::variable_list;
using indexing::Ellipsis;
using indexing::None;
using indexing::Slice;
using indexing::TensorIndex;
using ::testing::HasSubstr;

template <class Fn>
std::string error_of(Fn fn) {
  try {
    fn();
  } catch (const IndexError& e) {
    return std::string("IndexError: ") + e.what();
  } catch (const ValueError& e) {
    return std::string("ValueError: ") + e.what();
  } catch (const NotImplementedError& e) {
    return std::string("NotImplementedError: ") + e.what();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

template <class Fn>
void expect_error(Fn fn, const char* words) {
  EXPECT_THAT(error_of(fn), HasSubstr(words));
}

inline std::vector<int64_t> values(const Tensor& x) {
  const Tensor dense = raw::contiguous(raw::to(x, kInt64));
  const int64_t* data = dense.data_ptr<int64_t>();
  return {data, data + dense.numel()};
}

// The sizes and then the elements.
inline void expect_tensor(const Tensor& x, const std::vector<int64_t>& sizes,
                          const std::vector<int64_t>& elements) {
  EXPECT_EQ(x.sizes().vec(), sizes);
  EXPECT_EQ(values(x), elements);
}

inline Tensor longs(const std::vector<int64_t>& list) { return tensor(list); }

inline Tensor x234() { return arange(24).reshape({2, 3, 4}); }

inline Tensor leaf(IntArrayRef sizes) {
  return randn(sizes, TensorOptions(kFloat64).requires_grad(true));
}

inline std::string node_of(const Tensor& x) { return x.grad_fn() ? x.grad_fn()->name() : "none"; }

}  // namespace index_testing

using namespace index_testing;

}  // namespace taper
