#include "taper/tensor/device.h"

#include <algorithm>
#include <iterator>

#include "taper/tensor/error.h"

namespace taper {
namespace {

struct DeviceName {
  const char* upper;
  const char* lower;
  DeviceType type;
  bool in_strings = true;  // whether a device string may begin with it
};

// In the order in which PyTorch lists what it knows.
constexpr DeviceName kDeviceNames[] = {
    {"CPU", "cpu", DeviceType::CPU},
    {"CUDA", "cuda", DeviceType::CUDA},
    {"IPU", "ipu", DeviceType::IPU},
    {"XPU", "xpu", DeviceType::XPU},
    {"MKLDNN", "mkldnn", DeviceType::MKLDNN},
    {"OPENGL", "opengl", DeviceType::OPENGL},
    {"OPENCL", "opencl", DeviceType::OPENCL},
    {"IDEEP", "ideep", DeviceType::IDEEP},
    {"HIP", "hip", DeviceType::HIP},
    {"VE", "ve", DeviceType::VE},
    {"FPGA", "fpga", DeviceType::FPGA},
    {"ORT", "ort", DeviceType::ORT},
    {"XLA", "xla", DeviceType::XLA},
    {"LAZY", "lazy", DeviceType::Lazy},
    {"VULKAN", "vulkan", DeviceType::Vulkan},
    {"MPS", "mps", DeviceType::MPS},
    {"META", "meta", DeviceType::Meta},
    {"HPU", "hpu", DeviceType::HPU},
    {"PRIVATEUSEONE", "privateuseone", DeviceType::PrivateUse1},
    {"METAL", "metal", DeviceType::Metal, false},
};

std::string known_names() {
  std::string names;
  for (const DeviceName& name : kDeviceNames) {
    if (name.in_strings) names += (names.empty() ? "" : ", ") + std::string(name.lower);
  }
  return names;
}

bool is_index(const std::string& text) {
  return !text.empty() && text.size() <= 3 && (text[0] != '0' || text.size() == 1) &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Device::Device(const std::string& text) : type_(DeviceType::CPU), index_(-1) {
  TAPER_CHECK(!text.empty(), "Device string must not be empty");
  const size_t colon = text.find(':');
  const std::string name = text.substr(0, colon);
  const bool letters = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
  TAPER_CHECK(letters && (colon == std::string::npos || is_index(text.substr(colon + 1))),
              "Invalid device string: '", text, "'");
  const DeviceName* found = std::find_if(
      std::begin(kDeviceNames), std::end(kDeviceNames),
      [&](const DeviceName& entry) { return entry.in_strings && name == entry.lower; });
  TAPER_CHECK(found != std::end(kDeviceNames), "Expected one of ", known_names(),
              " device type at start of device string: ", name);
  type_ = found->type;
  if (colon != std::string::npos) {
    const int index = std::stoi(text.substr(colon + 1));
    TAPER_CHECK(index <= 127, "Invalid device string: '", text, "': its index is beyond 127");
    index_ = static_cast<DeviceIndex>(index);
  }
}

std::string DeviceTypeName(DeviceType type, bool lower_case) {
  for (const DeviceName& name : kDeviceNames) {
    if (name.type == type) return lower_case ? name.lower : name.upper;
  }
  detail::throw_error<Error>("Unknown device: ", static_cast<int>(type));
}

std::string Device::str() const {
  const std::string name = DeviceTypeName(type_, true);
  return has_index() ? name + ":" + std::to_string(index_) : name;
}

namespace detail {

void check_cpu(const Device& device, const char* aten_operator) {
  if (device.is_cpu()) return;
  throw_error<NotImplementedError>("Could not run '", aten_operator, "' with arguments from the '",
                                   DeviceTypeName(device.type()),
                                   "' backend: taper computes on the CPU, got device ",
                                   device.str());
}

void check_copy_to_cpu(const Device& device) {
  TAPER_CHECK(device.is_cpu(), "PyTorch is not linked with support for ",
              DeviceTypeName(device.type(), true),
              " devices, nor is taper: it computes on the CPU");
}

}  // namespace detail
}  // namespace taper
