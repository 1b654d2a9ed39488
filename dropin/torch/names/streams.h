#pragma once

#include <cstddef>
#include <map>
#include <ostream>
#include <set>
#include <utility>
#include <vector>

// libtorch lets a stream print the standard containers, and programs for it do: 100 elements at
// most, with spaces between them. Nothing
// but namespace std is searched for them.
namespace c10 {

template <class Iterator>
void PrintSequence(std::ostream& out, Iterator begin, Iterator end) {
  for (int shown = 0; begin != end && shown < 100; ++shown, ++begin) {
    out << (shown == 0 ? "" : " ") << *begin;
  }
  if (begin != end) out << " ...";
}

}  // namespace c10

namespace std {

template <class First, class Second>
ostream& operator<<(ostream& out, const pair<First, Second>& two) {
  return out << '(' << two.first << ", " << two.second << ')';
}
template <class... Types>
ostream& operator<<(ostream& out, const vector<Types...>& list) {
  c10::PrintSequence(out, list.begin(), list.end());
  return out;
}
template <class... Types>
ostream& operator<<(ostream& out, const map<Types...>& all) {
  c10::PrintSequence(out, all.begin(), all.end());
  return out;
}
template <class... Types>
ostream& operator<<(ostream& out, const set<Types...>& all) {
  c10::PrintSequence(out, all.begin(), all.end());
  return out;
}

}  // namespace std
