#include "taper/tensor/device.h"

#include <algorithm>
#include <utility>

#include "taper/tensor/error.h"

namespace taper {
namespace {

constexpr std::pair<const char*, DeviceType> kDeviceNames[] = {{"cpu", DeviceType::CPU},
                                                               {"cuda", DeviceType::CUDA},
                                                               {"mps", DeviceType::MPS},
                                                               {"meta", DeviceType::Meta}};

}  // namespace

Device::Device(const std::string& text) : type_(DeviceType::CPU), index_(-1) {
  TAPER_CHECK(!text.empty(), "Device string must not be empty");
  size_t colon = text.find(':');
  std::string name = text.substr(0, colon);
  const auto* found = std::find_if(std::begin(kDeviceNames), std::end(kDeviceNames),
                                   [&](const auto& entry) { return name == entry.first; });
  bool digits_ok = true;
  if (colon != std::string::npos) {
    std::string digits = text.substr(colon + 1);
    digits_ok =
        !digits.empty() && digits.size() <= 2 && (digits[0] != '0' || digits.size() == 1) &&
        std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits_ok) index_ = static_cast<DeviceIndex>(std::stoi(digits));
  }
  TAPER_CHECK(digits_ok, "Invalid device string: '", text, "'");
  TAPER_CHECK(found != std::end(kDeviceNames),
              "Expected one of cpu, cuda, mps, meta device type at start of device string: ", name);
  type_ = found->second;
}

std::string Device::str() const {
  std::string text;
  for (const auto& [name, type] : kDeviceNames) {
    if (type == type_) text = name;
  }
  return has_index() ? text + ":" + std::to_string(index_) : text;
}

namespace detail {

void check_cpu(const Device& device, const char* who) {
  TAPER_CHECK(device.is_cpu(), who, ": taper computes on the CPU only, got device ", device.str());
}

}  // namespace detail
}  // namespace taper
