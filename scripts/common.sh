# The common part of the scripts: sourced, not run. Installs what is missing, configures, builds.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '\n== %s\n' "$*"; }

# Installs by apt those of the named packages that are not there. Asks nothing of the network when
# all of them are.
need_packages() {
  local missing=() package
  for package in "$@"; do
    if ! dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then
      missing+=("$package")
    fi
  done
  ((${#missing[@]})) || return 0

  local as_root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      echo "These packages are missing, and there is no sudo to install them with:" >&2
      echo "  ${missing[*]}" >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  say "Installing by apt what is missing: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# What it takes to build the library, its examples and its tests on Debian 12.
need_build_packages() {
  need_packages g++ cmake ninja-build pkg-config \
    libopenblas-dev libhwy-dev libfmt-dev nlohmann-json3-dev libgtest-dev libgmock-dev
}

# build PRESET [TARGET...]
build() {
  local preset=$1
  shift
  say "Building (preset $preset)"
  cmake --preset "$preset" >/dev/null
  cmake --build --preset "$preset" ${1:+--target "$@"}
}
