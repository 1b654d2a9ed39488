#!/usr/bin/env bash
# Fails when a source file has more than LIMIT lines: it holds two things then.
# Usage: file_length.sh ROOT LIMIT
set -euo pipefail
cd "$1"
limit=$2
failures=0
count=0
while IFS= read -r -d '' file; do
  count=$((count + 1))
  lines=$(wc -l <"$file")
  if ((lines > limit)); then
    echo "$file: $lines lines, $((lines - limit)) more than a file may have"
    failures=$((failures + 1))
  fi
done < <(find . -name 'build*' -prune -o -name '.?*' -prune -o -type f \
  -regextype egrep -regex '.*(\.(h|cpp|inc|cmake|sh)|/CMakeLists\.txt)' -print0)
echo "$count files read, $failures too long"
((count > 0 && failures == 0))
