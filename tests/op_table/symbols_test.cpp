// No operation stands outside of the op table: reads the names that the library exports.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <regex>
#include <set>
#include <string>

#include "op_table/table.h"

namespace op_table {
namespace {

// Exported functions and methods that need no row, and why.
const std::map<std::string, std::string>& excluded() {
  static const std::map<std::string, std::string> reasons = [] {
    std::map<std::string, std::string> r;
    auto because = [&r](const char* reason, std::initializer_list<const char*> names) {
      for (const char* name : names) r[name] = reason;
    };
    because("makes a new tensor: tests/tensor", {"empty",
                                                 "zeros",
                                                 "ones",
                                                 "full",
                                                 "empty_like",
                                                 "zeros_like",
                                                 "ones_like",
                                                 "full_like",
                                                 "arange",
                                                 "linspace",
                                                 "eye",
                                                 "tensor",
                                                 "scalar_tensor",
                                                 "from_blob",
                                                 "new_empty",
                                                 "new_zeros",
                                                 "new_ones",
                                                 "new_full",
                                                 "empty_strided",
                                                 "new_empty_strided",
                                                 "range",
                                                 "logspace",
                                                 "scalar_to_tensor",
                                                 "hann_window",
                                                 "hamming_window",
                                                 "bartlett_window",
                                                 "blackman_window"});
    because("draws random numbers: tests/tensor and tests/kernels",
            {"rand",         "rand_like",      "randn",        "randn_like",       "randint",
             "randint_like", "randperm",       "normal",       "bernoulli",        "multinomial",
             "uniform_",     "normal_",        "bernoulli_",   "exponential_",     "geometric_",
             "cauchy_",      "log_normal_",    "random_",      "dropout",          "dropout_",
             "manual_seed",  "make_generator", "current_seed", "set_current_seed", "seed"});
    because("gives no tensor", {"equal", "allclose", "item", "size", "stride", "toString", "print",
                                "is_nonzero", "checked_data", "throw_undefined", "is_in_format",
                                "suggest_memory_format", "is_floating_point", "is_complex",
                                "is_signed", "is_same_size", "numel", "to_string", "toString"});
    because("speaks of the tape: tests/autograd",
            {"backward", "set_requires_grad", "is_leaf", "grad", "mutable_grad", "grad_fn",
             "output_nr", "retain_grad", "retains_grad", "remove_hook", "detach", "detach_", "data",
             "set_data", "_base", "resize_", "resize_as_"});
    because("sets or reads what the library does, not tensors", {"memory_stats",
                                                                 "reset_peak_memory_stats",
                                                                 "empty_cache",
                                                                 "set_cache_limit",
                                                                 "get_default_dtype",
                                                                 "set_default_dtype",
                                                                 "set_num_threads",
                                                                 "get_num_threads",
                                                                 "set_num_interop_threads",
                                                                 "get_num_interop_threads",
                                                                 "get_parallel_info",
                                                                 "in_parallel_region",
                                                                 "get_thread_num",
                                                                 "format_strides",
                                                                 "storage_bytes",
                                                                 "globalContext",
                                                                 "promote_types",
                                                                 "result_type",
                                                                 "can_cast",
                                                                 "wrap_dim",
                                                                 "checked_numel",
                                                                 "existing_dim",
                                                                 "contiguous_strides",
                                                                 "is_contiguous",
                                                                 "broadcast_shapes",
                                                                 "is_expandable_to",
                                                                 "infer_size",
                                                                 "view_strides",
                                                                 "reduction_dims",
                                                                 "reduced_shape",
                                                                 "intrusive_retain",
                                                                 "intrusive_release",
                                                                 "memory_order",
                                                                 "dense_strides",
                                                                 "is_non_overlapping_and_dense",
                                                                 "strides_like",
                                                                 "elementwise_strides"});
    because("writes text: tests/tensor/printing_test.cpp", {"operator<<"});
    because("an operator that is one of the rows",
            {"operator+=", "operator-=", "operator*=", "operator/=", "operator-", "operator/",
             "operator%", "operator~", "operator=", "operator[]"});
    return r;
  }();
  return reasons;
}

std::set<std::string> exported_names() {
  std::string command = std::string("nm -DC --defined-only '") + TAPER_LIBRARY_FILE + "'";
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 4096> buffer{};
  while (size_t count = fread(buffer.data(), 1, buffer.size(), pipe.get()))
    text.append(buffer.data(), count);
  // Free functions of the namespace itself, and methods of Tensor.
  std::regex name(
      R"( [TWV] taper::(?:Tensor::)?([a-z_][A-Za-z_0-9]*|operator[^ (]+)(?:\[abi:[^\]]*\])?\()");
  std::set<std::string> names;
  // What writes into a tensor is the operation without "_out": tests/parity.
  std::regex into(".*_outf?");
  for (std::sregex_iterator at(text.begin(), text.end(), name), end; at != end; ++at)
    if (!std::regex_match((*at)[1].str(), into)) names.insert((*at)[1]);
  return names;
}

TEST(Symbols, EveryExportedOperationIsARow) {
  if (std::string(TAPER_LIBRARY_FILE).ends_with(".a"))
    GTEST_SKIP() << "a static library exports nothing";
  std::set<std::string> exported = exported_names();
  ASSERT_GT(exported.size(), 150U) << "is TAPER_LIBRARY_FILE a shared library?";
  std::set<std::string> in_table;
  for (const Row& row : rows()) in_table.insert(row.name);
  size_t in_both = 0;
  for (const std::string& name : exported) {
    bool known = in_table.count(name) != 0;
    EXPECT_TRUE(known || excluded().count(name) != 0)
        << name << " is exported, but no row of the op table and not excluded";
    if (known) ++in_both;
  }
  for (const auto& [name, reason] : excluded()) {
    EXPECT_FALSE(in_table.count(name) != 0 && name != "operator[]")
        << name << " is a row and excluded: " << reason;
  }
  std::printf("%zu exported names, %zu of them rows\n", exported.size(), in_both);
}

}  // namespace
}  // namespace op_table
