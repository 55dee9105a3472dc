# shellcheck shell=bash
# Sourced: a throw-away PostgreSQL cluster in a temporary directory, on a free port of 127.0.0.1.
#
#   postgres_ensure   find PostgreSQL 15 or newer, installing it if that is possible
#   postgres_start    start a cluster and set INSOMNIA_SCIM_TEST_POSTGRES to its URL; after
#                     postgres_volatile=yes one that does not wait for the disk
#   postgres_stop     stop that cluster and delete it; harmless when none runs
#
# Durability settings stay as PostgreSQL ships them where the database is crashed or measured. A
# volatile cluster loses nothing when a server that uses it is killed; only a crash of the machine
# would harm it.

# shellcheck source-path=SCRIPTDIR source=packages.sh
. "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

postgres_minimum=15
postgres_role=insomnia
postgres_bin=
postgres_home=
postgres_volatile=no

# postgres_candidates: prints the directories that may hold PostgreSQL's programs, newest first.
postgres_candidates() {
  local initdb
  find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -Vr
  if initdb=$(command -v initdb); then
    dirname "$initdb"
  fi
}

# postgres_find: sets postgres_bin to the newest directory with initdb, of a version that will do.
postgres_find() {
  local directory version
  postgres_bin=
  for directory in $(postgres_candidates); do
    version=$("$directory/initdb" --version 2>/dev/null | grep -oE '[0-9]+' | head -n 1) || continue
    if [ "${version:-0}" -ge "$postgres_minimum" ]; then
      postgres_bin=$directory
      return 0
    fi
  done
  return 1
}

# postgres_ensure: 0 when PostgreSQL can be used; otherwise says why not and returns 1.
postgres_ensure() {
  if ! postgres_find; then
    install_packages postgresql || return 1
    if ! postgres_find; then
      echo "this system's postgresql package is older than version $postgres_minimum" >&2
      return 1
    fi
  fi
  if [ "$(id -u)" -eq 0 ] && ! postgres_account >/dev/null; then
    echo "PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody" >&2
    return 1
  fi
}

# postgres_account: prints the unprivileged user that runs the cluster when we are root.
postgres_account() {
  local name
  for name in postgres nobody; do
    if id "$name" >/dev/null 2>&1; then
      echo "$name"
      return 0
    fi
  done
  return 1
}

# postgres_run COMMAND…: runs it as a user whom PostgreSQL accepts, in a directory that user may read.
postgres_run() {
  if [ "$(id -u)" -eq 0 ]; then
    (cd "$postgres_home" && runuser -u "$(postgres_account)" -- "$@")
  else
    (cd "$postgres_home" && "$@")
  fi
}

# postgres_start: starts a cluster and exports INSOMNIA_SCIM_TEST_POSTGRES; returns 1 when it cannot.
postgres_start() {
  local port attempt
  postgres_home=$(mktemp -d "${TMPDIR:-/tmp}/insomnia-scim-postgres.XXXXXX")
  if [ "$(id -u)" -eq 0 ]; then
    chown "$(postgres_account)" "$postgres_home"
  fi
  if ! postgres_run "$postgres_bin/initdb" --pgdata="$postgres_home/data" --auth=trust \
    --username="$postgres_role" --encoding=UTF8 --locale=C.UTF-8 >"$postgres_home.log" 2>&1; then
    cat "$postgres_home.log" >&2
    postgres_stop
    return 1
  fi
  # A port that was free a moment ago may be taken now, so a failed start tries another one.
  for attempt in 1 2 3 4 5 6 7 8; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 40000))
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      continue
    fi
    if postgres_run "$postgres_bin/pg_ctl" start --pgdata="$postgres_home/data" --wait --timeout=60 \
      --log="$postgres_home/server.log" --silent --options="$(postgres_options "$port")" \
      >>"$postgres_home.log" 2>&1; then
      export INSOMNIA_SCIM_TEST_POSTGRES="postgres://$postgres_role@127.0.0.1:$port/postgres"
      return 0
    fi
  done
  echo "PostgreSQL did not start after $attempt attempts:" >&2
  cat "$postgres_home.log" "$postgres_home/server.log" >&2 || true
  postgres_stop
  return 1
}

# postgres_options PORT: the server options of the cluster.
postgres_options() {
  printf '%s ' "-c port=$1" "-c listen_addresses=127.0.0.1" \
    "-c unix_socket_directories=$postgres_home" "-c max_connections=300"
  if [ "$postgres_volatile" = yes ]; then
    printf '%s ' "-c fsync=off" "-c full_page_writes=off"
  fi
}

# postgres_stop: stops the cluster that postgres_start started and deletes its directory.
postgres_stop() {
  if [ -z "$postgres_home" ]; then
    return 0
  fi
  if [ -f "$postgres_home/data/postmaster.pid" ]; then
    postgres_run "$postgres_bin/pg_ctl" stop --pgdata="$postgres_home/data" --mode=immediate \
      --wait --timeout=60 >/dev/null 2>&1 || true
  fi
  rm -rf "$postgres_home" "$postgres_home.log"
  postgres_home=
  unset INSOMNIA_SCIM_TEST_POSTGRES
}
