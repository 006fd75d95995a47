#!/usr/bin/env bash
# What a target needs of the system, seen to before anything else:   deploy/prepare.sh run|test [python3.11]
# Root, or an account with sudo and no password, gets what is missing from Debian; any other gets the one line to type, and exit 1.
set -euo pipefail

purpose=${1:?run or test}
python=${2:-python3.11}
missing=()

need() { missing+=("$1"); }
have() { command -v "$1" > /dev/null; }

have "$python" || need python3.11
# Debian has ensurepip, which puts pip into a new .venv, in a package of its own.
if [[ ! -x .venv/bin/pip ]] && ! "$python" -c 'import ensurepip' 2> /dev/null; then need python3.11-venv; fi
have useradd || ((EUID != 0)) || need passwd # PostgreSQL refuses to run as root and gets an account
if [[ $purpose == test ]]; then
  have chromedriver || need chromium-driver # which brings chromium
  have soffice || need libreoffice-calc     # opens and prints the annexes as a recipient does
  have pdftotext || need poppler-utils      # reads the printed forms
  have curl || need curl                    # the README's commands
  have git || need git
  compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK-*' > /dev/null || need fonts-noto-cjk # Chinese in the browser and in print
fi
((${#missing[@]})) || exit 0

line="apt-get install -y --no-install-recommends ${missing[*]}"
if ! have apt-get; then
  echo "This needs, under the names that Debian gives them: ${missing[*]}" >&2
  exit 1
elif ((EUID == 0)); then
  as_root=()
elif have sudo && sudo -n true 2> /dev/null; then
  as_root=(sudo)
else
  echo "Packages of the system are missing. Type this once, then try again:  sudo apt-get update && sudo $line" >&2
  exit 1
fi
echo "== From Debian: ${missing[*]}"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q > /dev/null
# shellcheck disable=SC2086  # the line's words are its arguments
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive $line -q > /dev/null
