"""The sweep: publishes the warnings that are due, thousands at a time, each in the transaction that removes it from the pending.

One statement selects the deadlines whose next warning is due, removes the reached thresholds, sets the state, writes the
history and returns the alerts to publish. A process that dies before the commit has published and removed nothing.
"""

from pydantic import TypeAdapter

from shared.database.session import Session, driver
from shared.deadline_records import events
from shared.events.deadlines import Alert
from shared.security.auth import SYSTEM

BATCH = 2000
_LOCK = 6_023_745_513
_SETTINGS = """
SET LOCAL idle_in_transaction_session_timeout = '10s';
SET LOCAL enable_hashjoin = off;
SET LOCAL enable_mergejoin = off
"""
"""The transaction of a process that freezes amid a sweep is ended, so that another can sweep. The few rows of a batch are
found by their key: the planner, which expects many, would read the whole table for each batch."""

_SWEEP = """
WITH due AS (
    SELECT id, n, warning_thresholds[:n] AS thresholds, warn_at[:n] AS at
    FROM (SELECT id, warning_thresholds, warn_at, next_at, (SELECT count(*)::int FROM unnest(warn_at) AS a WHERE a <= $1) AS n
          FROM deadline WHERE next_at <= $1 ORDER BY next_at, id LIMIT $2 FOR UPDATE SKIP LOCKED) AS first
), swept AS (
    UPDATE deadline AS d SET
        state = CASE WHEN 'elapsed' = ANY(due.thresholds) THEN 'met'
                     WHEN 'overdue' = ANY(due.thresholds) THEN 'overdue' ELSE d.state END,
        met_at = CASE WHEN 'elapsed' = ANY(due.thresholds) THEN d.overdue_from ELSE d.met_at END,
        warned = d.warned || due.thresholds,
        warning_thresholds = d.warning_thresholds[due.n + 1:], warn_at = d.warn_at[due.n + 1:],
        next_at = d.warn_at[due.n + 1]
    FROM due WHERE d.id = due.id
    RETURNING d.id, d.code, d.subject_kind, d.subject_id, d.subject_no, d.campaign_id, d.city, d.county, d.office, d.due_on,
              d.state, due.thresholds, due.at
), reached AS (
    SELECT swept.*, w.threshold, w.at AS reached_at, w.rank
    FROM swept CROSS JOIN LATERAL unnest(swept.thresholds, swept.at) WITH ORDINALITY AS w (threshold, at, rank)
), entries AS (
    INSERT INTO deadline_history (deadline_id, at, act, state, due_on, by_subject, by_org, content)
    SELECT id, $1, 'warned', state, due_on, $3, $4, jsonb_build_object('threshold', threshold, 'at', reached_at)
    FROM reached ORDER BY reached_at, id, rank
)
SELECT office, json_agg(json_build_object(
    'deadline_id', id, 'code', code, 'subject_kind', subject_kind, 'subject_id', subject_id, 'subject_no', subject_no,
    'campaign_id', campaign_id, 'city', city, 'county', county, 'due_on', due_on,
    'threshold', threshold, 'at', reached_at) ORDER BY reached_at, id, rank)::text AS alerts, (SELECT count(*) FROM due) AS count
FROM reached GROUP BY office ORDER BY office
"""
_ALERTS = TypeAdapter(tuple[Alert, ...])


async def sweep(session: Session, batch: int = BATCH) -> int:
    """Publish the warnings that are due at `session.now`, of at most `batch` deadlines; returns the number of deadlines."""
    connection = await driver(session)
    if not await connection.fetchval(f"SELECT pg_try_advisory_xact_lock({_LOCK})"):
        return 0
    await connection.execute(_SETTINGS)
    rows = await connection.fetch(_SWEEP, session.now, batch, SYSTEM.subject, SYSTEM.org)
    for row in rows:
        events.publish_warnings(session, row["office"], _ALERTS.validate_json(row["alerts"]))
    return rows[0]["count"] if rows else 0
