"""The base of every error of the domain. An error is a class: its code is stable, its title exists in Chinese and English."""

from collections.abc import Mapping
from typing import Any, ClassVar


class DomainError(Exception):
    """A request that the rules reject. Nothing has been changed when it is raised out of a transaction.

    Subclasses set `code` (stable, part of the contract), `status` (HTTP) and the two titles. An instance may say more:
    `detail` in the reader's language, `pointer` (JSON pointer to the field at fault), `extra` members of the problem document.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    title_zh: ClassVar[str] = "请求被拒绝"
    title_en: ClassVar[str] = "The request was refused"

    def __init__(self, detail: str | None = None, *, pointer: str | None = None, **extra: Any) -> None:
        """Reject with a reason; nothing here may show internals."""
        super().__init__(detail or self.title_en)
        self.detail = detail
        self.pointer = pointer
        self.extra: Mapping[str, Any] = extra


class NotFound(DomainError):
    """There is no such object, or the caller's jurisdiction does not reach it: the answer does not say which."""

    code, status = "not-found", 404
    title_zh, title_en = "对象不存在或不在您的辖区", "No such object within your jurisdiction"


class Forbidden(DomainError):
    """The caller's role may not do this."""

    code, status = "forbidden", 403
    title_zh, title_en = "您的角色无权执行此操作", "Your role may not do this"


class Unauthenticated(DomainError):
    """No token, or one that is expired, foreign or malformed."""

    code, status = "unauthenticated", 401
    title_zh, title_en = "身份令牌缺失或无效", "The bearer token is missing or not valid"


class InvalidRequest(DomainError):
    """The request is well-formed HTTP but not a valid request of this API."""

    code, status = "invalid-request", 422
    title_zh, title_en = "请求内容不符合要求", "The request does not satisfy the schema"


class MalformedBody(DomainError):
    """The body cannot be read: not JSON, duplicate keys, NaN, too deep, NUL or lone surrogates."""

    code, status = "malformed-body", 400
    title_zh, title_en = "请求正文无法解析", "The body cannot be read"


class BodyTooLarge(DomainError):
    """The body is larger than this operation accepts."""

    code, status = "body-too-large", 413
    title_zh, title_en = "请求正文过大", "The body is too large"


class InvalidCursor(DomainError):
    """The page cursor was not issued by this service or belongs to another list."""

    code, status = "invalid-cursor", 400
    title_zh, title_en = "分页游标无效", "The page cursor is not valid"


class StaleVersion(DomainError):
    """The object has been changed since the caller read it (If-Match)."""

    code, status = "stale-version", 412
    title_zh, title_en = "对象已被他人修改，请重新读取", "The object has changed since you read it"


class VersionRequired(DomainError):
    """An edit must say which version it edits (If-Match)."""

    code, status = "version-required", 428
    title_zh, title_en = "修改须携带 If-Match", "An edit needs If-Match"


class IdempotencyKeyRequired(DomainError):
    """Every POST carries an Idempotency-Key."""

    code, status = "idempotency-key-required", 400
    title_zh, title_en = "须携带 Idempotency-Key", "An Idempotency-Key is required"


class IdempotencyKeyReused(DomainError):
    """The same Idempotency-Key came with another request."""

    code, status = "idempotency-key-reused", 422
    title_zh, title_en = "Idempotency-Key 已用于另一请求", "The Idempotency-Key was used for another request"


class Unavailable(DomainError):
    """A part that the service needs does not answer; nothing was changed, try again."""

    code, status = "unavailable", 503
    title_zh, title_en = "服务暂不可用，请稍后重试", "Temporarily unavailable, try again"
