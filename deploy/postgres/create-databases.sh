#!/usr/bin/env bash
# Makes the five databases and their roles when the container's data directory is new; passwords come from the secrets.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for service in registry sampling inspection cases reporting; do
  CCC_SERVICE=$service \
  CCC_DATABASE_PASSWORD=$(< "/run/secrets/${service}_password") \
  CCC_DATABASE_OWNER_PASSWORD=$(< /run/secrets/owner_password) \
    psql -X -q -U postgres -f "$here/sql/database.sql"
done
