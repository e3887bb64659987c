#!/bin/sh
# The first hour on a fresh Debian: installs the agent's package and nothing else of Baton into a new
# root, follows the documented steps to a served database, upgrades under a running agent, removes and
# purges, and looks at what is left. Needs root, debootstrap and a Debian mirror; nothing of the host
# is touched, and the network inside is one of its own.
#
#   debian.sh PACKAGES NEXT   folders with the .deb of this and of a later version
#
#   BATON_TRIAL_BASE   a root made before, which is copied instead of making one
set -eu

suite=bookworm
postgresql=15
bound=120

here=$(CDPATH='' cd "$(dirname "$0")" && pwd -P)
[ "$#" = 2 ] || { echo "usage: $here/debian.sh PACKAGES NEXT" >&2; exit 2; }
package=$(ls "$1"/baton_*.deb)
next=$(ls "$2"/baton_*.deb)
root=$(mktemp -d)
chmod 755 "$root"

step() { printf -- '-- %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

mounted=
end() {
  # by their ids, which the trial has written down
  for pid in "$root"/run/trial-*.pid; do
    [ -r "$pid" ] && kill "$(cat "$pid")" 2>/dev/null || true
  done
  sleep 1
  [ -z "$mounted" ] || umount -l "$root/proc"
  rm -rf "$root"
}
trap end EXIT
trap 'exit 130' INT TERM

step "a root of $suite"
if [ -n "${BATON_TRIAL_BASE-}" ]; then
  cp -a "$BATON_TRIAL_BASE/." "$root"
else
  debootstrap --variant=minbase "$suite" "$root" >"$root.log" 2>&1 || fail "debootstrap, see $root.log"
  rm -f "$root.log"
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc"
mounted=yes
if [ ! -x "$root/usr/lib/postgresql/$postgresql/bin/postgres" ]; then
  step "a PostgreSQL of the distribution, not running"
  # no cluster of its own: the agent makes one
  mkdir -p "$root/etc/postgresql-common"
  echo 'create_main_cluster = false' >"$root/etc/postgresql-common/createcluster.conf"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  chroot "$root" sh -c 'apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql' \
    >"$root/run/apt.log" 2>&1 || fail "apt-get: $(tail -n 3 "$root/run/apt.log")"
fi
cp "$package" "$root/run/baton.deb"
cp "$next" "$root/run/next.deb"
cp "$here/inside.sh" "$root/run/inside.sh"

# Everything else happens inside, with a network of its own.
unshare --net sh -c "ip link set lo up && exec chroot '$root' sh /run/inside.sh '$postgresql' '$bound'"
step "all as it should be"
