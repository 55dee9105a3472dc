# shellcheck shell=bash
# Sourced after packages.sh: what tests need of npm, by the versions of lock files.

# npm_ready: 0 when node and npm are there, after trying to install them.
npm_ready() {
  command -v npm >/dev/null || install_packages nodejs npm
}

# npm_install FOLDER: installs what the lock file of the folder names, into the folder.
npm_install() {
  npm_ready && timeout 600 npm ci --prefix "$1" --no-audit --no-fund >&2
}
