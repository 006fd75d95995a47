"""Whose duty a clock is."""

from shared import deadlines


def counts(code: str) -> bool:
    """Whether a clock is kept by an agency, so that its being overdue belongs into the agency's assessment."""
    return deadlines.dataset().rules.versions(code)[-1].duty == "agency"
