"""The outbox: from a committed change to the broker; emit, store, relay, replay."""
