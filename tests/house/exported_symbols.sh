#!/usr/bin/env bash
# Fails when the shared library exports a name that is not taper's, or misses one that it must
# export: typeinfo (an error has to be caught across the border) and functions.
# Usage: exported_symbols.sh LIBRARY
set -euo pipefail
names=$(nm -DC --defined-only "$1" | cut -d' ' -f3-)
total=$(wc -l <<<"$names")

# What taper names begins with taper:: once the words for tables, thunks and guards, and the
# return type that templates carry, are taken off.
foreign=$(grep -vE '^((non-virtual|virtual|covariant return) thunk to |(vtable|VTT|typeinfo|typeinfo name|construction vtable|guard variable|reference temporary #[0-9]+|TLS (init|wrapper) function) for )*taper::' <<<"$names" || true)
if [[ -n $foreign ]]; then
  echo "exported, but not taper's own:"
  head -20 <<<"$foreign"
  exit 1
fi
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
