"""Selects that only read. A caller's jurisdiction is a condition of each of them."""

from services.reporting.queries.scope import Scope, campaign, campaigns, periods, scope_of

__all__ = ["Scope", "campaign", "campaigns", "periods", "scope_of"]
