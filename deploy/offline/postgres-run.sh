#!/bin/bash
# Settings of the official image that Custos uses: POSTGRES_PASSWORD, POSTGRES_PASSWORD_FILE,
# POSTGRES_HOST_AUTH_METHOD, and *.sql in /docker-entrypoint-initdb.d, run once on empty tables.
set -euo pipefail
socket=/var/run/postgresql

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA"
  chown postgres "$PGDATA" "$socket"
  chmod 700 "$PGDATA"
  exec gosu postgres "$0" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  password=${POSTGRES_PASSWORD:-}
  [ -z "${POSTGRES_PASSWORD_FILE:-}" ] || password=$(<"$POSTGRES_PASSWORD_FILE")
  method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  if [ -z "$password" ] && [ "$method" != trust ]; then
    echo 'set POSTGRES_PASSWORD, POSTGRES_PASSWORD_FILE, or POSTGRES_HOST_AUTH_METHOD=trust' >&2
    exit 1
  fi
  # Built-in locale: the package brings no other.
  initdb --pgdata "$PGDATA" --username postgres --auth trust --encoding UTF8 \
    --locale-provider builtin --builtin-locale C.UTF-8 --locale C >/dev/null
  echo "host all all all $method" >>"$PGDATA/pg_hba.conf"
  # Nobody but us reaches it until all is set up: a socket, no port.
  pg_ctl --pgdata "$PGDATA" --wait --silent --options "-c listen_addresses= -c unix_socket_directories=$socket" start
  if [ -n "$password" ]; then
    psql --quiet --host "$socket" --username postgres --set "password=$password" <<<"ALTER USER postgres PASSWORD :'password'"
  fi
  for file in /docker-entrypoint-initdb.d/*.sql; do
    [ -e "$file" ] || continue
    psql --quiet --host "$socket" --username postgres --set ON_ERROR_STOP=1 --file "$file"
  done
  pg_ctl --pgdata "$PGDATA" --wait --silent --mode fast stop
fi

exec "$@" -c listen_addresses='*' -c "unix_socket_directories=$socket"
