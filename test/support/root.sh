# Clean Debian roots for the tests that need one. Sourced after debian.sh.
# shellcheck shell=bash
support=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# get_root TAR VARIANT PACKAGES [SUITE]: makes TAR unless it is there, from the mirrors that this machine's apt uses; SUITE is this machine's unless given.
get_root() {
  local tar=$1 variant=$2 packages=$3 suite=${4-} sources
  [ -e "$tar" ] && return
  say "making a clean Debian root${suite:+ ($suite)}"
  sources=$(debian_sources)
  if [ -z "$sources" ]; then
    apt_refresh
    sources=$(debian_sources)
  fi
  [ -n "$sources" ] || die "this machine's apt knows no Debian"
  [ -z "$suite" ] || sources=$(in_suite "$suite" <<<"$sources")
  printf '%s\n' "$sources" | as_root mmdebstrap --quiet "--variant=$variant" "--include=$packages" "" "$tar.part.tar" - \
    >"$tar.log" 2>&1 || { tail -20 "$tar.log" >&2; die 'no Debian root could be made'; }
  mv "$tar.part.tar" "$tar"
}

debian_sources() {
  apt-get indextargets --format "deb \$(REPO_URI) \$(RELEASE) \$(COMPONENT)" 'Created-By: Packages' 'Origin: Debian' 'Component: main' | sort -u
}

# The same mirrors, for another release: bookworm-updates becomes trixie-updates.
in_suite() {
  sed -E "s/^(deb [^ ]+ )[^ -]+/\1$1/" | sort -u
}

# enter_root ROOT SECONDS COMMAND...: runs a command in it, in namespaces that end with it.
enter_root() {
  local root=$1 limit=$2
  shift 2
  as_root timeout --kill-after=10 "$limit" unshare --mount --pid --fork --kill-child bash "$support/enter-root" "$root" "$@"
}
