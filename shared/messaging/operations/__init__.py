"""What operators see and do: lag, dead letters, reconciliation, rebuild."""
