#!/usr/bin/env bash
# Each public header compiles alone, without a warning, as C++17, all of them together as C++20, and
# none reaches a heavy header. They are read from an installed copy, so that one that is missing
# there is found too.
# Usage: public_headers.sh INCLUDE_DIR COMPILER
set -euo pipefail
cd "$1"
export compiler=$2
# pthread.h and the like are reached by <memory> itself; what libstdc++ keeps in bits/ is its own.
export heavy='/(fmt|hwy|nlohmann|gtest)/|/(cblas|openblas_config)\.h$|/(iostream|thread|mutex|condition_variable|future|regex)$'

# Reads lines of #include and compiles them. -H prints each file that is opened, with a dot for each
# level above it.
compile() {
  "$compiler" -x c++ -std=c++"$1" -fsyntax-only -Wall -Wextra -Wpedantic -Wconversion -Werror \
    -H -I . - 2>&1
}

check() {
  local header=$1 out
  if ! out=$(echo "#include \"$header\"" | compile 17); then
    echo "$header does not compile alone as C++17:"
    grep -v '^\.' <<<"$out" | head -20
    return 1
  fi
  # The one header that is there for GoogleTest's users.
  [[ $header == taper/autograd/gtest.h ]] && return 0
  if out=$(grep -E '^\.' <<<"$out" | grep -E "$heavy" | grep -v '/bits/'); then
    echo "$header reaches:"
    echo "$out"
    return 1
  fi
}
export -f compile check

mapfile -t headers < <(find taper -name '*.h' | sort)
if ! out=$(printf '#include "%s"\n' "${headers[@]}" | compile 20); then
  echo "together, as C++20, they do not compile:"
  grep -v '^\.' <<<"$out" | head -20
  exit 1
fi
printf '%s\0' "${headers[@]}" | xargs -0 -n1 -P"$(nproc)" bash -c 'check "$0"'
echo "${#headers[@]} public headers compile alone and are light"
((${#headers[@]} > 0))
