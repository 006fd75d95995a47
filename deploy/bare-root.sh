#!/usr/bin/env bash
# Does what a new user does, on a machine that has nothing: a Debian root with Python 3.11, make and git, made here by debootstrap,
# a clone of what is committed, then `make demo`, `make down` and `make test`; or the command given.   deploy/bare-root.sh [COMMAND…]
# Needs root, debootstrap and git. Of this machine the root gets its network with the packages' sources, proxies and authorities.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

root=$(mktemp -d "${TMPDIR:-/var/tmp}/ccc-bare-root.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT

echo "== A bare root"
debootstrap --variant=minbase --include=python3.11,make,git bookworm "$root" > "$root.log" || { tail -n 20 "$root.log" >&2; exit 1; }
rm "$root.log"
chmod 755 "$root"

mkdir -p "$root/usr/local/share"
cp -rL /etc/resolv.conf /etc/hosts "$root/etc/"
rm -rf "$root"/etc/apt/sources.list*
cp -rL /etc/apt/sources.list* "$root/etc/apt/"
apt-config dump Acquire > "$root/etc/apt/apt.conf.d/90machine"
cp -rL /etc/ssl/certs "$root/etc/ssl/"
cp -rL /usr/local/share/ca-certificates "$root/usr/local/share/"
if [[ -e /etc/pip.conf ]]; then cp -L /etc/pip.conf "$root/etc/"; fi
mapfile -t settings < <(env | grep -iE '^(PIP_(CERT|INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|DEFAULT_TIMEOUT)|[a-z]+_PROXY|SSL_CERT_FILE)=')

git clone --quiet --bare . "$root/srv/ccc.git"
commands=("$@")
((${#commands[@]})) || commands=(bash -euxc '
  status=0; su nobody -s /bin/sh -c "timeout 2 make test" || status=$? # no root, no sudo: says at once what to type
  ((status == 2))
  time make demo
  time make down
  time make test')

# Namespaces of its own: whatever still runs or is mounted at the end goes with them.
unshare --mount --pid --fork --kill-child --mount-proc bash -euc '
  root=$1
  shift
  mount -t proc proc "$root/proc"
  for directory in dev sys; do mount --rbind "/$directory" "$root/$directory"; done
  exec chroot "$root" "$@"
' bash "$root" env --ignore-environment "${settings[@]}" HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}" \
  PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -euc '
  git clone --quiet /srv/ccc.git /srv/ccc
  cd /srv/ccc
  exec "$@"
' sh "${commands[@]}"
