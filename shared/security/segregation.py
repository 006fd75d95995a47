"""Segregation of duties (职责分离): what one person prepared another one decides."""

from shared.core.errors import DomainError


def require_different(subject: str, *earlier: str | None, error: type[DomainError]) -> None:
    """Reject whoever took one of the earlier steps; None is a step that nobody took.

    Raises:
        DomainError: `error`, for `subject` is among `earlier`.
    """
    if subject in earlier:
        raise error
