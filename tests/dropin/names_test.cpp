// The drop-in's names: none of the library's is left out, and each is used by a program that is
// compared with libtorch.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

const fs::path kRoot = TAPER_SOURCE_DIR;

std::string read(const fs::path& file) {
  std::ifstream in(file);
  EXPECT_TRUE(in) << file;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string without_comments(const std::string& text) {
  return std::regex_replace(text, std::regex("//[^\n]*"), "");
}

// Group 1 of every match.
void find(const std::string& text, const std::string& pattern, Names& into) {
  const std::regex expression(pattern);
  for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at) {
    into.insert((*at)[1]);
  }
}

bool is_static() { return std::string(TAPER_LIBRARY_FILE).ends_with(".a"); }

// Names of functions that the library exports, after `prefix`.
Names exported_by(const std::string& prefix) {
  const std::string command = std::string("nm -DC --defined-only '") + TAPER_LIBRARY_FILE + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 4096> buffer{};
  while (const size_t count = fread(buffer.data(), 1, buffer.size(), pipe.get())) {
    text.append(buffer.data(), count);
  }
  Names names;
  find(text, prefix + R"(([a-z_][A-Za-z_0-9]*)(?:\[abi:[^\]]*\])?\()", names);
  names.erase("operator");
  return names;
}

// What `using taper::X;` brings into c10, at and torch.
Names dropin_names() {
  Names names;
  for (const auto& file : fs::directory_iterator(kRoot / "dropin/torch/names")) {
    find(read(file), "using (?:taper|std)::([A-Za-z_0-9]+);", names);
  }
  return names;
}

// The public methods of Tensor, and the layers, losses, initialisers, functions and optimizers.
Names members() {
  Names names = exported_by(" [TW] taper::Tensor(?:Base)?::");
  for (const char* file : {"tensor_base.h", "tensor_aliases.h", "tensor.h"}) {
    std::string tensor = without_comments(read(kRoot / "tensor" / file));
    find(tensor, R"(\n  TAPER_(?:ALIAS|OPERATOR)\((\w+),)", names);
    tensor = std::regex_replace(tensor, std::regex(R"(#define(?:[^\n]*\\\n)*[^\n]*)"), "");
    tensor = tensor.substr(tensor.rfind("\nclass Tensor"));
    tensor = tensor.substr(0, std::min({tensor.find("\n private:"), tensor.find("\n protected:"),
                                        tensor.find("\n};")}));
    find(tensor, R"(\b([a-z_][a-zA-Z_0-9]*)\([^;{]*\)\s*(?:const)?\s*&?&?\s*(?:noexcept)?\s*\{)",
         names);
  }
  for (const char* folder : {"nn", "nn/modules", "optim"}) {
    for (const auto& entry : fs::directory_iterator(kRoot / folder)) {
      if (entry.path().extension() != ".h") continue;
      const std::string text = without_comments(read(entry.path()));
      find(text, R"(\nTAPER_MODULE\((\w+)\);)", names);
      find(text, R"(\n(?:struct|class) (\w+(?:FuncOptions|Options))\b)", names);
      find(text, R"(\nclass (\w+) : public (?:Optimizer|LRScheduler))", names);
    }
  }
  for (const char* file : {"nn/functional.h", "nn/init.h", "nn/utils.h"}) {
    find(without_comments(read(kRoot / file)), R"(\n(?:Tensor|double|void)\s+(\w+)\()", names);
  }
  return names;
}

// Every word that the compared programs use as a name in a namespace or as a member, or, in the
// rows of the op table, hand to a macro or name a row by.
Names used_names() {
  Names names;
  const auto add = [&](const fs::path& folder, const std::string& prefix) {
    for (const auto& entry : fs::directory_iterator(folder)) {
      const std::string file = entry.path().filename();
      if (entry.path().extension() != ".cpp" || file.rfind(prefix, 0) != 0) continue;
      const std::string text = without_comments(read(entry.path()));
      find(text, R"((?:::|\.|->)\s*([A-Za-z_]\w*))", names);
      Names handed_on;
      find(text, R"(\b[A-Z][A-Z_]+\(([a-z_]\w*)\))", handed_on);
      for (const std::string& name : handed_on) {
        names.insert(name);
        if (text.find("##_(") != std::string::npos) names.insert(name + "_");
      }
      if (prefix.empty()) continue;
      find(text, R"re("([A-Za-z_]\w*)")re", names);
      find(text, R"([(,]\s*([a-z_]\w*)\s*[,)])", names);
    }
  };
  add(kRoot / "tests/parity", "");
  add(kRoot / "tests/parity/scripts", "");
  add(kRoot / "tests/op_table", "rows_");
  return names;
}

using Reasons = std::map<std::string, std::string>;

Reasons reasons(std::initializer_list<std::pair<const char*, std::vector<const char*>>> groups) {
  Reasons all;
  for (const auto& [reason, names] : groups) {
    for (const char* name : names) all[name] = reason;
  }
  return all;
}

// Names of the library that libtorch does not have, or has elsewhere.
const Reasons& not_in_libtorch() {
  static const Reasons all = reasons({
      {"taper's own: memory",
       {"memory_stats", "reset_peak_memory_stats", "empty_cache", "set_cache_limit"}},
      {"helpers of the sources", {"wrap_dim",           "checked_numel",
                                  "contiguous_strides", "is_contiguous",
                                  "broadcast_shapes",   "is_expandable_to",
                                  "infer_size",         "view_strides",
                                  "reduction_dims",     "reduced_shape",
                                  "intrusive_retain",   "intrusive_release",
                                  "to_string",          "element_size",
                                  "dense_strides",      "elementwise_strides",
                                  "existing_dim",       "is_non_overlapping_and_dense",
                                  "memory_order",       "strides_like",
                                  "format_strides",     "storage_bytes"}},
      {"methods only", {"checked_data", "throw_undefined"}},
  });
  return all;
}

// Names that no program of tests/parity uses, and why.
const Reasons& not_compared() {
  static const Reasons all = reasons({
      {"taper's own layers, options and extras",
       {"GRUClassifier", "ResetBeforeGRUCell", "ResetAfterGRUCell", "GRUClassifierOptions",
        "ResetBeforeGRUCellOptions", "ResetAfterGRUCellOptions"}},
      {"bases of taper's optimizers", {"OptimizerOf", "OptionsWithRate"}},
      {"an accessor of taper's sources",
       {"impl", "impl_", "checked", "checked_data", "throw_undefined", "is_in_format"}},
      {"the spelling of a later version", {"const_data_ptr", "mutable_data_ptr"}},
      {"compared through its function", {"dropout_"}},
  });
  return all;
}

TEST(DropIn, HasEveryFunctionOfTheLibrary) {
  if (is_static()) GTEST_SKIP() << "a static library exports nothing";
  Names exported = exported_by(" [TW] taper::");
  ASSERT_GT(exported.size(), 150U) << "is TAPER_LIBRARY_FILE a shared library?";
  const Names names = dropin_names();
  for (const std::string& name : exported) {
    EXPECT_TRUE(names.count(name) != 0 || not_in_libtorch().count(name) != 0)
        << name << " has no line in dropin/torch/names";
  }
}

TEST(DropIn, EachNameIsComparedWithLibtorch) {
  if (is_static()) GTEST_SKIP() << "a static library exports nothing";
  Names all = dropin_names();
  all.merge(members());
  const Names used = used_names();
  size_t compared = 0;
  for (const std::string& name : all) {
    // add_outf is add_out with its arguments in another order.
    const std::string plain = std::regex_replace(name, std::regex("_outf$"), "_out");
    const bool found = used.count(plain) != 0;
    const bool excused = not_compared().count(name) != 0;
    EXPECT_TRUE(found || excused) << name << " is used by no parity program";
    EXPECT_FALSE(found && excused) << name << " is used by a parity program, and excused";
    if (found) ++compared;
  }
  std::printf("%zu of %zu names are used by programs that are compared with libtorch\n", compared,
              all.size());
}

// Libtorch has a header of that name, which tests/parity/headers_program.cpp shows by including it;
// and all that is in ours are the names of one namespace, so that it can be included alone.
TEST(DropIn, EachHeaderIsComparedWithLibtorch) {
  const std::string program = read(kRoot / "tests/parity/headers_program.cpp");
  const fs::path folder = kRoot / "dropin";
  const std::regex content(R"(#pragma once\n\n#include <torch/names/(?:c10|at|torch)\.h>\n)");
  size_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = fs::relative(entry.path(), folder);
    if (!entry.is_regular_file() || name.rfind("torch/names/", 0) == 0) continue;
    if (name == "torch/script.h") continue;  // an #error, and why
    EXPECT_TRUE(std::regex_match(read(entry.path()), content)) << name;
    // parity.h includes torch/torch.h.
    EXPECT_TRUE(name == "torch/torch.h" ||
                program.find("#include <" + name + ">") != std::string::npos)
        << name << " is included by no parity program";
    ++count;
  }
  EXPECT_GT(count, 100U);
}

}  // namespace
