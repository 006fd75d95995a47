"""A synthetic province: organisations, certificates, failed samplings, inspectors and experts from one seed.

Names carry the marker 模拟 (simulated) and belong to nobody; codes are valid in form.
"""

from datetime import date

from deploy.demo.province import certificates, failures, organizations, people
from deploy.demo.province.picker import Picker
from deploy.demo.province.shapes import Province
from deploy.demo.timeline import default_year

SMALLEST, LARGEST = 100, 10_000


def as_of(year: int) -> date:
    """The day of the export, before the campaign of the year."""
    return date(year, 7, 31)


def generate(seed: int, scale: int = 1043, year: int | None = None) -> Province:
    """Make the installation's province as exported before the campaign of a year, with `scale` certified organisations.

    Raises:
        ValueError: the scale is not between 100 and 10,000.
    """
    year = year or default_year()
    if not SMALLEST <= scale <= LARGEST:
        raise ValueError(f"scale must lie between {SMALLEST} and {LARGEST}, not {scale}")
    picker = Picker(seed)
    companies = organizations.certified(picker, scale)
    issued = tuple(certificates.issue(picker, seed, companies, organizations.outside(picker), as_of(year)))
    inspectors, experts = people.inspectors(picker, companies, year), people.experts(picker)
    return Province(
        seed=seed,
        as_of=as_of(year),
        organizations=companies,
        certificates=issued,
        failures=failures.failures(picker, year - 1, issued, organizations.sellers(picker, failures.SELLERS)),
        inspectors=inspectors,
        experts=experts,
        conflicts=people.conflicts(picker, inspectors, experts, companies),
    )
