"""Who has to meet a deadline."""

from shared import deadlines


def is_of_agency(code: str) -> bool:
    """Whether a deadline binds an agency, so that its being overdue belongs into the agency's assessment."""
    return deadlines.dataset().rules.versions(code)[-1].duty == "agency"
