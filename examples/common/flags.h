#pragma once

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace examples {

// A flag or file that the user has to change; the message says how.
class UsageError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Command-line flags `--name value` or `--name=value`, each bound to a variable that holds its
// default; a bool is `--name` alone.
class Flags {
 public:
  Flags(std::string program, std::string about)
      : program_(std::move(program)), about_(std::move(about)) {}

  void add(const std::string& name, int64_t& value, const std::string& help, int64_t least = 0,
           int64_t most = std::numeric_limits<int64_t>::max()) {
    add_parsed(name, "N", std::to_string(value), help,
               [&value, name, least, most](const auto& text) {
                 value = number<int64_t>(name, text);
                 if (value < least) fail(name, "at least " + std::to_string(least), text);
                 if (value > most) fail(name, "at most " + std::to_string(most), text);
               });
  }
  void add(const std::string& name, double& value, const std::string& help, double least = 0.0,
           double most = std::numeric_limits<double>::max()) {
    add_parsed(name, "X", shortest(value), help, [&value, name, least, most](const auto& text) {
      value = number<double>(name, text);
      if (!(value >= least)) fail(name, "at least " + shortest(least), text);
      if (!(value <= most)) fail(name, "at most " + shortest(most), text);
    });
  }
  // `kind` stands for the value in the help: FILE, FOLDER, WORD.
  void add(const std::string& name, std::string& value, const std::string& kind,
           const std::string& help) {
    add_parsed(name, kind, value, help, [&value](const auto& text) { value = text; });
  }
  void add_choice(const std::string& name, std::string& value,
                  const std::vector<std::string>& choices, const std::string& help) {
    std::string kind;
    for (const std::string& choice : choices) kind += (kind.empty() ? "" : "|") + choice;
    add_parsed(name, kind, value, help, [&value, name, kind, choices](const auto& text) {
      for (const std::string& choice : choices) {
        if (text == choice) {
          value = text;
          return;
        }
      }
      fail(name, kind, text);
    });
  }

  // False if --help was asked for, and printed. Throws UsageError.
  bool parse(int argc, const char* const* argv) const {
    for (int i = 1; i < argc; ++i) {
      std::string name = argv[i];
      if (name == "--help" || name == "-h") {
        print_help();
        return false;
      }
      const size_t equals = name.find('=');
      std::string value;
      if (equals != std::string::npos) {
        value = name.substr(equals + 1);
        name.resize(equals);
      }
      const Flag& flag = find(name);
      if (equals == std::string::npos) {
        if (i + 1 == argc) throw UsageError(name + " needs a value (" + flag.kind + ")");
        value = argv[++i];
      }
      flag.set(value);
    }
    return true;
  }

 private:
  struct Flag {
    std::string name;
    std::string kind;
    std::string standard;
    std::string help;
    std::function<void(const std::string&)> set;
  };

  [[noreturn]] static void fail(const std::string& name, const std::string& expected,
                                const std::string& text) {
    throw UsageError(name + ": expected " + expected + ", got \"" + text + "\"");
  }

  template <class Number>
  static Number number(const std::string& name, const std::string& text) {
    Number value{};
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end || text.empty()) fail(name, "a number", text);
    return value;
  }

  static std::string shortest(double value) {
    char text[32];
    const auto result = std::to_chars(text, text + sizeof(text), value);
    return std::string(text, result.ptr);
  }

  void add_parsed(const std::string& name, const std::string& kind, const std::string& standard,
                  const std::string& help, std::function<void(const std::string&)> set) {
    flags_.push_back({name, kind, standard, help, std::move(set)});
  }

  const Flag& find(const std::string& name) const {
    for (const Flag& flag : flags_) {
      if (flag.name == name) return flag;
    }
    throw UsageError("unknown flag " + name);
  }

  void print_help() const {
    std::printf("%s\n\nusage: %s [flags]\n\n", about_.c_str(), program_.c_str());
    for (const Flag& flag : flags_) {
      const std::string left = flag.name + " " + flag.kind;
      std::printf("  %-36s %s", left.c_str(), flag.help.c_str());
      if (!flag.standard.empty()) std::printf(" (%s)", flag.standard.c_str());
      std::printf("\n");
    }
    std::printf("  %-36s %s\n", "--help", "print this");
  }

  std::string program_;
  std::string about_;
  std::vector<Flag> flags_;
};

// Runs an example's main function. An error becomes one line on stderr and exit code 2.
template <class Main>
int run(const char* program, Main&& main) {
  try {
    return main();
  } catch (const UsageError& error) {
    std::fprintf(stderr, "%s: %s\nTry %s --help.\n", program, error.what(), program);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", program, error.what());
  }
  return 2;
}

}  // namespace examples
