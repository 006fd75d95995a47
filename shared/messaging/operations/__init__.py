"""What operators use: lag, dead letters, reconciliation, rebuild."""
