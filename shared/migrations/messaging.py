"""What a service's first migration runs for the tables of messaging, beyond what Alembic writes by itself."""

from shared.migrations.append_only import guard_append_only

MONTH_FUNCTION = """
CREATE FUNCTION event_log_month(month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text := 'event_log_' || to_char(month, 'YYYY_MM');
    first timestamptz := date_trunc('month', month::timestamp) AT TIME ZONE 'UTC';
    next timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') AT TIME ZONE 'UTC';
BEGIN
    IF to_regclass('public.' || quote_ident(name)) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF event_log FOR VALUES FROM (%L) TO (%L)', name, first, next);
        EXECUTE format('CREATE TRIGGER append_only_all BEFORE TRUNCATE ON %I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
    END IF;
END $$
"""
"""The run-time role may not create tables, so the owner lends it this one act: add a month to the event log."""

REWRITTEN = "autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, fillfactor = 70"

BUSY_TABLES = ("outbox", "relay_state", "inbox_sequence", "aggregate_sequence")
"""Tables whose rows are rewritten all the time: vacuumed early, so that reading them stays cheap."""


def upgrade_statements() -> list[str]:
    """The statements to run after the tables of `shared.messaging.tables` exist; for `op.execute`."""
    return [
        *guard_append_only("event_log"),
        *guard_append_only("inbox"),
        MONTH_FUNCTION,
        *(f"ALTER TABLE {table} SET ({REWRITTEN})" for table in BUSY_TABLES),
    ]
