"""Tables that refuse UPDATE, DELETE and TRUNCATE even to their owner."""

_REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""


def guard_append_only(table: str) -> list[str]:
    """The statements that make a table refuse UPDATE, DELETE and TRUNCATE even to its owner; for migrations."""
    return [
        _REFUSE_CHANGE,
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER append_only_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]
