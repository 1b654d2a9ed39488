#!/usr/bin/env bash
# Each public header compiles alone, without a warning, as C++17 and as C++20, and reaches no heavy
# header. The headers are read from an installed copy, so one that is missing there is found too.
# Usage: public_headers.sh INCLUDE_DIR COMPILER
set -euo pipefail
export include=$1 compiler=$2
export heavy='/(fmt|hwy)/|/(cblas|openblas_config)\.h$|/(iostream|thread|mutex|condition_variable|future|regex)$'

check() {
  local header=$1 standard out
  for standard in 17 20; do
    if ! out=$(echo "#include \"$header\"" | "$compiler" -x c++ -std=c++$standard -fsyntax-only \
      -Wall -Wextra -Wpedantic -Wconversion -Werror -H -I "$include" - 2>&1); then
      echo "$header does not compile alone as C++$standard:"
      grep -v '^\.' <<<"$out" | head -20
      return 1
    fi
    # -H prints each file that is opened, with a dot for each level.
    if out=$(grep -E '^\.' <<<"$out" | grep -E "$heavy" | grep -v '/bits/'); then
      echo "$header (C++$standard) reaches:"
      echo "$out"
      return 1
    fi
  done
}
export -f check

cd "$include"
count=$(find taper -name '*.h' | wc -l)
find taper -name '*.h' -print0 | xargs -0 -n1 -P"$(nproc)" bash -c 'check "$0"'
echo "$count public headers compile alone and are light"
((count > 0))
