"""The failpoints at which a service can be killed."""

POINTS = (
    "act-before-insert",
    "act-after-insert",
    "act-after-commit-before-reply",
    "relay-after-send-before-move",
    "relay-after-move",
    "consumer-before-inbox",
    "consumer-after-inbox-before-commit",
    "consumer-after-commit-before-offset",
    "consumer-after-offset",
)
