"""Versioned law: calendars and rules, their schemas, and the tool that seeded the first calendar."""
