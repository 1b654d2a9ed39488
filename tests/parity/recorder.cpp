// Writes what the programs record, and runs them:  parity_taper FOLDER PROGRAM...
// For each program FOLDER/PROGRAM.record is written. Without a PROGRAM their names are listed.
//
// A record is a sequence of entries: kind (1 byte), name, then for a text its bytes, for a tensor
// its dtype as a word, its sizes and its elements in row-major order. Lengths are 64-bit numbers of
// the machine's byte order: both records are written and read on one machine.
#include <cstdio>
#include <map>
#include <stdexcept>

#include "parity/parity.h"

namespace parity {
namespace {

std::map<std::string, Program>& programs() {
  static std::map<std::string, Program> all;
  return all;
}

}  // namespace

struct Recorder::File {
  explicit File(const std::string& path) : stream(std::fopen(path.c_str(), "wb")) {
    if (stream == nullptr) throw std::runtime_error("cannot write " + path);
  }
  ~File() { std::fclose(stream); }
  void bytes(const void* data, size_t size) {
    if (size != 0 && std::fwrite(data, 1, size, stream) != size) {
      throw std::runtime_error("writing a record failed");
    }
  }
  void number(int64_t value) { bytes(&value, sizeof value); }
  void string(const std::string& text) {
    number(static_cast<int64_t>(text.size()));
    bytes(text.data(), text.size());
  }
  std::FILE* stream;
};

Recorder::Recorder(const std::string& file) : file_(std::make_unique<File>(file)) {}
Recorder::~Recorder() = default;

void Recorder::header(char kind, const std::string& name) {
  file_->bytes(&kind, 1);
  file_->string(name);
}

void Recorder::string(char kind, const std::string& name, const std::string& text) {
  header(kind, name);
  file_->string(text);
}

void Recorder::tensor(char kind, const std::string& name, const torch::Tensor& x) {
  if (!x.defined()) return text(name, "undefined");
  torch::NoGradGuard no_grad;
  torch::Tensor dense = x.detach().contiguous();
  // libtorch's gradients that are zero everywhere may have no memory.
  if (dense.numel() != 0 && dense.data_ptr() == nullptr) {
    dense = torch::zeros(dense.sizes(), dense.scalar_type());
  }
  header(kind, name);
  std::ostringstream dtype;
  dtype << dense.scalar_type();
  file_->string(dtype.str());
  file_->number(dense.dim());
  for (int64_t d = 0; d < dense.dim(); ++d) file_->number(dense.size(d));
  file_->bytes(dense.data_ptr(), static_cast<size_t>(dense.numel() * dense.element_size()));
}

void Recorder::layout(const std::string& name, const torch::Tensor& x) {
  value(name, x);
  print(name + " strides", x.strides());
}

Registration::Registration(const char* name, Program program) { programs()[name] = program; }

namespace {

int run(int argc, char** argv) {
  if (argc < 3) {
    for (const auto& entry : programs()) std::puts(entry.first.c_str());
    return 0;
  }
  torch::set_num_threads(1);
  for (int i = 2; i < argc; ++i) {
    const auto program = programs().find(argv[i]);
    if (program == programs().end()) {
      std::fprintf(stderr, "there is no program %s\n", argv[i]);
      return 1;
    }
    torch::manual_seed(0);
    Recorder recorder(std::string(argv[1]) + "/" + argv[i] + ".record");
    try {
      program->second(recorder);
    } catch (const std::exception& e) {
      std::fprintf(stderr, "%s: %s\n", argv[i], e.what());
      return 1;
    }
  }
  return 0;
}

}  // namespace
}  // namespace parity

int main(int argc, char** argv) { return parity::run(argc, argv); }
