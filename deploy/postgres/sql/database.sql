-- The database of one service and its two roles. It may run again and again, and sets the passwords each time.
--   CCC_SERVICE=registry CCC_DATABASE_PASSWORD=… CCC_DATABASE_OWNER_PASSWORD=… psql -f database.sql
-- ccc_<service>        runs the service; gets its rights on tables from the migration job
-- ccc_<service>_owner  owns the database and its tables; used by the migration job only
\set ON_ERROR_STOP on
\getenv service CCC_SERVICE
\getenv password CCC_DATABASE_PASSWORD
\getenv owner_password CCC_DATABASE_OWNER_PASSWORD
\set role ccc_ :service
\set owner ccc_ :service _owner

SELECT format('CREATE ROLE %I LOGIN', name) FROM unnest(ARRAY[:'role', :'owner']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

ALTER ROLE :"role" PASSWORD :'password';
ALTER ROLE :"owner" PASSWORD :'owner_password';

-- A managed server's administrator is no superuser: it must be a member of the owner to create a database for it.
SELECT format('GRANT %I TO CURRENT_USER', :'owner')
WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER) \gexec

SELECT format('CREATE DATABASE %I OWNER %I', :'role', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'role') \gexec

SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'role') \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', :'role', :'role') \gexec
