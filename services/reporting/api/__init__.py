"""The routes of reporting."""

from services.reporting.api import campaigns, disclosures, findings, forms, public, summaries

ROUTERS = [campaigns.router, forms.router, findings.router, summaries.router, summaries.merged, disclosures.router, public.router]

__all__ = ["ROUTERS"]
