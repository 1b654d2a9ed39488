#!/usr/bin/env bash
# Fails when the shared library exports a name that is not taper's, or misses one that it must
# export: typeinfo (an error has to be caught across the border) and functions.
# Usage: exported_symbols.sh LIBRARY
set -euo pipefail
# Read as the compiler wrote them: a mangled name begins with its namespace, once the marks of tables
# (TV, TT, TI, TS), thread-local helpers (TH, TW), thunks, guards and const or & members are off.
mangled=$(nm -D --defined-only "$1" | awk '{print $3}')
total=$(wc -l <<<"$mangled")
foreign=$(grep -vE '^_Z(T[VTISHW]|T[hvc][0-9n_hv]+|GV|GR)?N[KVRO]*5taper' <<<"$mangled" || true)
if [[ -n $foreign ]]; then
  echo "exported, but not taper's own:"
  head -20 <<<"$foreign" | c++filt
  exit 1
fi
names=$(c++filt <<<"$mangled")
for name in 'typeinfo for taper::Error' 'taper::Tensor::backward('; do
  if ! grep -qF -- "$name" <<<"$names"; then
    echo "not exported: $name"
    exit 1
  fi
done
if readelf -d "$1" | grep NEEDED | grep -E 'libfmt|libgomp'; then
  echo "needs a library that it should not"
  exit 1
fi
echo "$total names exported, all of them taper's"
