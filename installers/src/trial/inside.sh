#!/bin/sh
# The part of debian.sh that runs inside the fresh root.
set -eu

bin=/usr/lib/postgresql/$1/bin
bound=$2
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin

step() { printf -- '-- %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
must() { "$@" >/run/last.log 2>&1 || fail "$* ended with $?: $(tail -n 15 /run/last.log)"; }
# Everything but what the system itself notes about packages, and what this trial writes.
files() { find / -xdev \( -path /proc -o -path /run -o -path /tmp -o -path /sys -o -path /var/lib/dpkg -o -path /var/log -o -path /var/cache \) -prune -o -print | sort; }

# Starts a command as a user in the background. $1: name, $2: user
start() {
  name=$1
  user=$2
  shift 2
  setpriv --reuid="$user" --regid="$user" --init-groups "$@" >"/run/$name.log" 2>&1 &
  echo $! >"/run/trial-$name.pid"
}
stop() {
  pid=$(cat "/run/trial-$1.pid")
  kill "$pid"
  wait "$pid" || true
  rm -f "/run/trial-$1.pid"
}
until_true() {
  what=$1
  shift
  left=$bound
  until "$@" >/run/last.log 2>&1; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || fail "$what: $(tail -n 5 /run/last.log) $(tail -n 15 /run/agent.log)"
    sleep 1
  done
}
served() { PGPASSWORD=$(cat /etc/baton/admin.password) "$bin/psql" -h 127.0.0.1 -p 6432 -U baton -d postgres -Atc "$1"; }

files >/run/before
step "install"
must dpkg -i /run/baton.deb
must baton --version
grep -q '^baton ' /run/last.log || fail "version: $(cat /run/last.log)"
for path in /usr/share/man/man1/baton-move.1.gz /usr/share/bash-completion/completions/baton \
  /usr/lib/systemd/system/baton-agent.service /usr/share/doc/baton/copyright; do
  [ -e "$path" ] || fail "$path is not there"
done
bash -c '. /usr/share/bash-completion/completions/baton && complete -p baton' | grep -q baton ||
  fail "no completion"
getent passwd baton >/dev/null || fail "no user baton"
dpkg --verify baton >/run/last.log || fail "dpkg --verify: $(cat /run/last.log)"
if baton --help | grep -E '^  (demo|bench|train) '; then fail "the lab is packaged"; fi

step "doctor before init: wrong, with what to do"
if baton doctor >/run/doctor.log 2>&1; then fail "doctor is content: $(cat /run/doctor.log)"; fi
grep -q 'cluster.secret' /run/doctor.log || fail "doctor: $(cat /run/doctor.log)"

step "init"
must baton init --cluster trial --hosts a=127.0.0.1 --out /root/cluster --install a
must baton agent --check --config /etc/baton/agent.yaml
grep -q "$bin" /etc/baton/agent.yaml || fail "the programs of PostgreSQL were not found"
[ "$(stat -c %U%a /etc/baton/cluster.secret)" = postgres600 ] || fail "the secret's owner"

step "coordination and agent"
mkdir -p /var/lib/baton /var/lib/baton-coordination # as StateDirectory= does
chown postgres /var/lib/baton
chown baton /var/lib/baton-coordination
. /etc/baton/coordination.conf
start coordination baton baton coordination --dir /var/lib/baton-coordination --listen "$BATON_LISTEN" --port 6435 --id "$BATON_VOTER" --voters "$BATON_VOTERS" --certificate "$BATON_CERTIFICATE" --key "$BATON_KEY" --ca "$BATON_CA"
start agent postgres baton agent --config /etc/baton/agent.yaml
until_true "the database is served" served 'create table if not exists t as select 1 as n'
[ "$(served 'select n from t')" = 1 ] || fail "not what was written"
must baton status
must setpriv --reuid=postgres --regid=postgres --init-groups baton doctor
setpriv --reuid=postgres --regid=postgres --init-groups baton doctor --json | grep -q '"WRONG"' && fail "doctor finds something wrong"

step "upgrade under the running agent"
cp /etc/baton/agent.yaml /run/agent.yaml
must dpkg -i --force-confold /run/next.deb
cmp -s /etc/baton/agent.yaml /run/agent.yaml || fail "the configuration was changed"
kill -0 "$(cat /run/trial-agent.pid)" || fail "the agent was ended"
[ "$(served 'select n + 1 from t')" = 2 ] || fail "not served after the upgrade"
must baton status
must baton why
if grep -E 'NoClassDefFound|ClassNotFound|ZipException' /run/agent.log; then fail "the old agent misses its jars"; fi
stop agent
start agent postgres baton agent --config /etc/baton/agent.yaml
until_true "the new version serves" served 'select n from t'

step "remove: configuration and data stay"
stop agent
stop coordination
must dpkg -r baton
for path in /usr/lib/baton /usr/bin/baton /usr/share/man/man1/baton.1.gz; do
  [ ! -e "$path" ] && [ ! -L "$path" ] || fail "$path is left"
done
cmp -s /etc/baton/agent.yaml /run/agent.yaml || fail "the configuration is gone"
[ -f /var/lib/baton/history.db ] || fail "the agent's files are gone"

step "purge: nothing stays but the database"
must dpkg -P baton
files >/run/after
[ -f /var/lib/postgresql/baton/app/PG_VERSION ] || fail "the database is gone"
left=$(comm -13 /run/before /run/after | grep -v -e '^/var/lib/postgresql/baton' -e '^/root/cluster' -e '^/etc/.*-$' || true)
[ -z "$left" ] || fail "left: $left"
if getent passwd baton >/dev/null; then fail "the user is left"; fi

step "purge leaves a database below its own folder alone"
must dpkg -i /run/next.deb
mkdir -p /var/lib/baton/app
echo 15 >/var/lib/baton/app/PG_VERSION
: >/var/lib/baton/policies.json
must dpkg -P baton
grep -q 'left alone, a database: /var/lib/baton/app' /run/last.log || fail "not said: $(cat /run/last.log)"
[ -f /var/lib/baton/app/PG_VERSION ] || fail "the database is gone"
[ ! -e /var/lib/baton/policies.json ] || fail "the agent's file is left"
