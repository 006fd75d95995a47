"""The inbox: from a record of the broker to its effect; consumer, dispatcher, deduplication, dead letters, retry."""
