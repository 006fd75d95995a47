# What docker-compose.yml uses of the official entrypoint: first initialisation, the scripts of initdb.d, then the server.
set -euo pipefail

if [[ ! -s $PGDATA/PG_VERSION ]]; then
  # shellcheck disable=SC2086  # several options in one variable, as in the official image
  initdb -D "$PGDATA" -U postgres --pwfile="$POSTGRES_PASSWORD_FILE" --auth-local=trust $POSTGRES_INITDB_ARGS
  echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
  pg_ctl -D "$PGDATA" -w -o "-c listen_addresses='' -k /var/run/postgresql" start
  export PGHOST=/var/run/postgresql
  for script in /docker-entrypoint-initdb.d/*.sh; do "$script"; done
  pg_ctl -D "$PGDATA" -w -m fast stop
fi
exec "$@" -c "listen_addresses=*" -k /var/run/postgresql
