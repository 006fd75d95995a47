#!/usr/bin/env bash
# Makes a database and its roles for each service when the container's data directory is new; passwords come from the secrets.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for service in $(< /etc/ccc/services.txt); do
  CCC_SERVICE=$service \
  CCC_DATABASE_PASSWORD=$(< "/run/secrets/${service}_password") \
  CCC_DATABASE_OWNER_PASSWORD=$(< /run/secrets/owner_password) \
    psql -X -q -U postgres -f "$here/sql/database.sql"
done
