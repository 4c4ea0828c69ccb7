#!/usr/bin/env bash
# What the tests need of the system: Debian's chromium for the page, LibreOffice's writer for old Word files, Node for the engines that exports run
# in. Installs what is missing where it may be installed; otherwise says in one line what is needed.
set -u
has() {
  for name in "$@"; do command -v "$name" >/dev/null 2>&1 && return 0; done
  return 1
}
want() { # package, what it is for, commands of which one is enough
  local package=$1 purpose=$2
  shift 2
  has "$@" && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing $package for $purpose"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 ||
      { apt-get -o DPkg::Lock::Timeout=300 update -qq && apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "$package"; } >/dev/null 2>&1
    has "$@" && return 0
  fi
  echo "Needed for $purpose: the package $package (Debian: apt-get install $package); without it those tests fail."
}
want chromium "the test of the page" chromium chromium-browser google-chrome
want libreoffice-writer "the tests of old Word files" soffice libreoffice
want nodejs "the tests of exports in other engines" node
want npm "the tests of exports in other engines" npm
engines=$(dirname "$0")/engines
if ! cmp -s "$engines/package-lock.json" "$engines/node_modules/.installed"; then # the versions pinned there are not what is installed
  if (cd "$engines" && npm ci --no-audit --no-fund --silent >/dev/null 2>&1); then
    cp "$engines/package-lock.json" "$engines/node_modules/.installed"
  else
    echo "Needed for the tests of exports in other engines: npm ci in tests/engines (json-logic-js, feelin); without them those tests fail."
  fi
fi
