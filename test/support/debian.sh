# Debian packages for the tests that need other people's programs. Sourced, by a script that has `die` (prints its arguments and exits) and `say`, and has set $apt_log.
# shellcheck shell=bash
PATH=$PATH:/usr/sbin:/sbin

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_be_root() {
  [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

apt_is_fresh=
apt_refresh() {
  [ -n "$apt_is_fresh" ] && return
  as_root apt-get -q -o Acquire::Retries=3 update >"$apt_log" 2>&1 || { tail -5 "$apt_log" >&2; die 'apt-get update failed'; }
  apt_is_fresh=1
}

# install_packages PROGRAM:PACKAGE...: installs the packages whose programs are missing, or says which are.
install_packages() {
  local missing=() pair
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
  done
  [ ${#missing[@]} = 0 ] && return
  command -v apt-get >/dev/null || die "these Debian packages are missing, and there is no apt-get: ${missing[*]}"
  can_be_root || die "these Debian packages are missing: sudo apt-get install --no-install-recommends ${missing[*]}"
  say "installing ${missing[*]}"
  apt_refresh
  # No service is started and no question asked: the packages are wanted for their files only.
  as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -q -y --no-install-recommends install "${missing[@]}" >"$apt_log" 2>&1 ||
    { tail -20 "$apt_log" >&2; die "could not install ${missing[*]}"; }
}
