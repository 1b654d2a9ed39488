#pragma once

#include <sstream>
#include <string>

namespace taper {

// What operator<< prints.
template <class T>
std::string shown(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

}  // namespace taper
