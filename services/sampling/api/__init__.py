"""The routes of sampling."""

from services.sampling.api import assignments, campaigns, draws, people, replacements, transcripts

ROUTERS = [
    campaigns.router,
    people.router,
    draws.router,
    transcripts.router,
    assignments.router,
    replacements.router,
]
