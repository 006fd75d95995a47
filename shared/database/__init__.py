"""One PostgreSQL database a service: sessions, transactions, pool, prepared selects."""
