#!/usr/bin/env bash
# Fails when an #include points up the house:
#   tensor/kernels <- tensor <- autograd <- io <- nn <- optim <- examples     (data beside nn)
# and when BLAS, SIMD or threads are included outside their room, or a quoted include does not begin
# with "taper/" and so hides its direction.
# Usage: include_direction.sh ROOT
set -euo pipefail
cd "$1"

# Sets `level` to the floor of a file.
find_level() {
  case "$1" in
    tensor/kernels/*) level=0 ;;
    tensor/*) level=1 ;;
    autograd/*) level=2 ;;
    io/*) level=3 ;;
    nn/* | data/*) level=4 ;;
    optim/*) level=5 ;;
    *) level=9 ;; # the umbrella headers: above every room
  esac
}

rooms=()
for room in tensor autograd io nn data optim; do
  [[ -d $room ]] && rooms+=("$room")
done
pattern='^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]'
failures=0
count=0
fail() {
  echo "$1"
  failures=$((failures + 1))
}

while IFS=: read -r file line text; do
  count=$((count + 1))
  [[ $text =~ include[[:space:]]*([\<\"])([^\>\"]+) ]]
  quote=${BASH_REMATCH[1]}
  target=${BASH_REMATCH[2]}
  case "$target" in
    taper/*)
      inside=${target#taper/}
      find_level "$file" && own=$level
      find_level "$inside"
      if ((level > own)); then
        fail "$file:$line: points up: $target"
      elif ((level == own)) && [[ ${file%%/*} != "${inside%%/*}" ]]; then
        fail "$file:$line: points sideways: $target"
      fi
      ;;
    cblas.h | openblas* | hwy/* | thread | pthread.h)
      # Locks are not on this list: what several threads share above the kernels needs them too.
      if [[ $file != tensor/kernels/* ]]; then
        fail "$file:$line: only tensor/kernels includes $target"
      fi
      ;;
    *)
      if [[ $quote == '"' ]]; then
        fail "$file:$line: write \"taper/<room>/...\", not \"$target\""
      fi
      ;;
  esac
done < <(grep -rnE "$pattern" --include='*.h' --include='*.cpp' "${rooms[@]}")

echo "$count includes read, $failures wrong"
((count > 0 && failures == 0))
