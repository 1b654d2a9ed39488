#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace taper {

// Where a tensor lives. taper computes on the CPU; PyTorch's other names exist so that a program
// can ask for them and be told clearly.
enum class DeviceType : int8_t {
  CPU = 0,
  CUDA = 1,
  MKLDNN = 2,
  OPENGL = 3,
  OPENCL = 4,
  IDEEP = 5,
  HIP = 6,
  FPGA = 7,
  ORT = 8,
  XLA = 9,
  Vulkan = 10,
  Metal = 11,
  XPU = 12,
  MPS = 13,
  Meta = 14,
  HPU = 15,
  VE = 16,
  Lazy = 17,
  IPU = 18,
  PrivateUse1 = 19,
};
using DeviceIndex = int8_t;

constexpr DeviceType kCPU = DeviceType::CPU;
constexpr DeviceType kCUDA = DeviceType::CUDA;
constexpr DeviceType kHIP = DeviceType::HIP;
constexpr DeviceType kXLA = DeviceType::XLA;
constexpr DeviceType kXPU = DeviceType::XPU;
constexpr DeviceType kMPS = DeviceType::MPS;
constexpr DeviceType kMeta = DeviceType::Meta;

// A kind of device and, if it matters, which of them (c10::Device).
class Device {
 public:
  using Type = DeviceType;

  Device(DeviceType type, DeviceIndex index = -1) : type_(type), index_(index) {}
  // "cpu", "cuda:1"; throws taper::Error for what is no device.
  Device(const std::string& text);
  Device(const char* text) : Device(std::string(text)) {}

  DeviceType type() const { return type_; }
  DeviceIndex index() const { return index_; }
  void set_index(DeviceIndex index) { index_ = index; }
  bool has_index() const { return index_ != -1; }
  bool is_cpu() const { return type_ == DeviceType::CPU; }
  bool is_cuda() const { return type_ == DeviceType::CUDA; }
  bool is_mps() const { return type_ == DeviceType::MPS; }
  bool is_meta() const { return type_ == DeviceType::Meta; }
  std::string str() const;

  friend bool operator==(const Device& a, const Device& b) {
    return a.type_ == b.type_ && a.index_ == b.index_;
  }
  friend bool operator!=(const Device& a, const Device& b) { return !(a == b); }

 private:
  DeviceType type_;
  DeviceIndex index_;
};

// "CUDA", or "cuda" with lower_case.
std::string DeviceTypeName(DeviceType type, bool lower_case = false);

std::ostream& operator<<(std::ostream& out, DeviceType type);
std::ostream& operator<<(std::ostream& out, const Device& device);

namespace detail {
// Throws NotImplementedError unless the device is the CPU: PyTorch's "Could not run 'aten::...'
// with arguments from the 'CUDA' backend", of the operator that makes a tensor.
void check_cpu(const Device& device, const char* aten_operator = "aten::empty.memory_format");
// The same of a copy to the device: "PyTorch is not linked with support for cuda devices".
void check_copy_to_cpu(const Device& device);
}  // namespace detail

}  // namespace taper

template <>
struct std::hash<taper::Device> {
  std::size_t operator()(taper::Device device) const noexcept {
    return static_cast<std::size_t>(static_cast<std::uint8_t>(device.type())) << 8 |
           static_cast<std::uint8_t>(device.index());
  }
};
