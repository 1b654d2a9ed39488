#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "taper/tensor/error.h"

namespace taper {

namespace detail {
inline const std::string& key_text(const std::string& key) { return key; }
template <class Key>
std::string key_text(const Key& key) {
  return std::to_string(key);
}
}  // namespace detail

// A map that remembers the order of insertion (torch::OrderedDict). Iteration gives Items:
// item.key(), item.value(), *item is the value. What is not there, and what is inserted twice,
// throws taper::Error.
template <class Key, class Value>
class OrderedDict {
 public:
  class Item {
   public:
    Item(Key key, Value value) : pair_(std::move(key), std::move(value)) {}
    Value& operator*() { return value(); }
    const Value& operator*() const { return value(); }
    Value* operator->() { return &value(); }
    const Value* operator->() const { return &value(); }
    const Key& key() const noexcept { return pair_.first; }
    Value& value() noexcept { return pair_.second; }
    const Value& value() const noexcept { return pair_.second; }
    const std::pair<Key, Value>& pair() const noexcept { return pair_; }

   private:
    std::pair<Key, Value> pair_;
  };

  using Iterator = typename std::vector<Item>::iterator;
  using ConstIterator = typename std::vector<Item>::const_iterator;

  // The description names the kind of key in errors: "Parameter 'weight' already defined".
  explicit OrderedDict(std::string key_description = "Key")
      : key_description_(std::move(key_description)) {}
  OrderedDict(std::initializer_list<Item> items) {
    reserve(items.size());
    for (const Item& item : items) insert(item.key(), item.value());
  }

  const std::string& key_description() const noexcept { return key_description_; }

  Item& front() {
    check_not_empty("front");
    return items_.front();
  }
  const Item& front() const {
    check_not_empty("front");
    return items_.front();
  }
  Item& back() {
    check_not_empty("back");
    return items_.back();
  }
  const Item& back() const {
    check_not_empty("back");
    return items_.back();
  }
  Item& operator[](size_t index) {
    check_index(index);
    return items_[index];
  }
  const Item& operator[](size_t index) const {
    check_index(index);
    return items_[index];
  }
  Value& operator[](const Key& key) {
    Value* value = find(key);
    TAPER_CHECK(value != nullptr, key_description_, " '", detail::key_text(key),
                "' is not defined");
    return *value;
  }
  const Value& operator[](const Key& key) const {
    const Value* value = find(key);
    TAPER_CHECK(value != nullptr, key_description_, " '", detail::key_text(key),
                "' is not defined");
    return *value;
  }

  Value* find(const Key& key) noexcept {
    auto at = index_.find(key);
    return at == index_.end() ? nullptr : &items_[at->second].value();
  }
  const Value* find(const Key& key) const noexcept {
    auto at = index_.find(key);
    return at == index_.end() ? nullptr : &items_[at->second].value();
  }
  bool contains(const Key& key) const noexcept { return find(key) != nullptr; }

  Iterator begin() { return items_.begin(); }
  ConstIterator begin() const { return items_.begin(); }
  Iterator end() { return items_.end(); }
  ConstIterator end() const { return items_.end(); }
  size_t size() const noexcept { return items_.size(); }
  bool is_empty() const noexcept { return items_.empty(); }
  void reserve(size_t capacity) {
    index_.reserve(capacity);
    items_.reserve(capacity);
  }

  Value& insert(Key key, Value value) {
    TAPER_CHECK(!contains(key), key_description_, " '", detail::key_text(key), "' already defined");
    index_.emplace(key, items_.size());
    items_.emplace_back(std::move(key), std::move(value));
    return items_.back().value();
  }
  // Inserts all of other's items; throws before anything changes if a key is there already.
  void update(const OrderedDict& other) {
    OrderedDict copy = other;
    update(std::move(copy));
  }
  void update(OrderedDict&& other) {
    for (const Item& item : other) {
      TAPER_CHECK(!contains(item.key()), key_description_, " '", detail::key_text(item.key()),
                  "' already defined");
    }
    reserve(size() + other.size());
    for (Item& item : other) insert(item.key(), std::move(item.value()));
  }
  void erase(const Key& key) {
    auto at = index_.find(key);
    TAPER_CHECK(at != index_.end(), "Key '", detail::key_text(key), "' doesn't exist");
    const size_t position = at->second;
    index_.erase(at);
    items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(position));
    for (auto& entry : index_) {
      if (entry.second > position) --entry.second;
    }
  }
  void clear() {
    index_.clear();
    items_.clear();
  }

  const std::vector<Item>& items() const noexcept { return items_; }
  std::vector<Key> keys() const {
    std::vector<Key> keys;
    keys.reserve(size());
    for (const Item& item : items_) keys.push_back(item.key());
    return keys;
  }
  std::vector<Value> values() const {
    std::vector<Value> values;
    values.reserve(size());
    for (const Item& item : items_) values.push_back(item.value());
    return values;
  }
  std::vector<std::pair<Key, Value>> pairs() const {
    std::vector<std::pair<Key, Value>> pairs;
    pairs.reserve(size());
    for (const Item& item : items_) pairs.push_back(item.pair());
    return pairs;
  }

  friend bool operator==(const OrderedDict& a, const OrderedDict& b) {
    if (a.size() != b.size()) return false;
    for (size_t i = 0; i < a.size(); ++i) {
      if (!(a.items_[i].pair() == b.items_[i].pair())) return false;
    }
    return true;
  }

 private:
  void check_not_empty(const char* what) const {
    TAPER_CHECK(!items_.empty(), "Called ", what, "() on an empty OrderedDict");
  }
  void check_index(size_t index) const {
    TAPER_CHECK(index < items_.size(), "Index ", index, " is out of bounds");
  }

  std::unordered_map<Key, size_t> index_;
  std::vector<Item> items_;
  std::string key_description_{"Key"};
};

}  // namespace taper
