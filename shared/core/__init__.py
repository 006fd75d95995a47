"""What every other package stands on: errors, clock, ids, canonical JSON, logs, PDF."""
