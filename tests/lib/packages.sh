# shellcheck shell=bash
# Sourced: installs distribution packages where that is possible (root on a Debian-like system).

# apt_lists_fresh remembers that the package lists were fetched in this run.
apt_lists_fresh=no

# install_packages NAME…: installs the packages, or says why it cannot and returns 1.
install_packages() {
  if [ "$(id -u)" -ne 0 ]; then
    echo "cannot install $*: not running as root" >&2
    return 1
  fi
  if ! command -v apt-get >/dev/null; then
    echo "cannot install $*: there is no apt-get here" >&2
    return 1
  fi
  if [ "$apt_lists_fresh" = no ]; then
    timeout 300 apt-get update -q >&2 || return 1
    apt_lists_fresh=yes
  fi
  DEBIAN_FRONTEND=noninteractive timeout 900 \
    apt-get install -y -q --no-install-recommends "$@" >&2
}
