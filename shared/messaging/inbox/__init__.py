"""From the broker to an effect: consumer, dispatcher, deduplication, dead letters, retry."""
