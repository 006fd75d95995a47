"""Why a command ends before it is done, and with which exit code."""

import json
from typing import Any

REFUSED, UNREACHABLE = 1, 2
"""Exit codes: a service or a setting said no; nobody answered."""
_SHOWN = 1500


class CommandError(RuntimeError):
    """A command cannot go on; the message is for the person who typed it."""

    exit_code = REFUSED


class ConfigurationError(CommandError):
    """Options, environment and profile do not say which installation is meant, or as whom to call it."""


class TokenRefused(CommandError):
    """The identity provider gave no token."""


class NetworkError(CommandError):
    """No answer came: the address is wrong, the other side is down, or slower than the time limit."""

    exit_code = UNREACHABLE


class ApiError(CommandError):
    """A service answered with an error; `problem` is its problem document (RFC 9457), or what came in its place."""

    def __init__(self, request: str, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{request}: {status} {json.dumps(problem, ensure_ascii=False)[:_SHOWN]}")
        self.status, self.problem = status, problem
        self.code = str(problem.get("code", ""))

    def explained(self) -> str:
        """Title, code, detail, the fields at fault by their JSON pointers, and the trace id, a line each."""
        problem = self.problem
        lines = [f"{problem.get('title', 'no problem document came')} ({self.code or f'HTTP {self.status}'})"]
        lines += [str(problem["detail"])] if problem.get("detail") else []
        lines += [f"  {field['pointer']}: {field['detail']}" for field in problem.get("errors", [])]
        lines += [f"trace id {problem['trace_id']}"] if problem.get("trace_id") else []
        return "\n".join(lines)
