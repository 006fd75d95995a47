"""A synthetic Fujian: organisations, certificates, failed samplings, inspectors and experts from one seed.

Names carry the marker 模拟 (simulated) and belong to nobody; codes are valid in form.
"""

from datetime import date

from deploy.demo.province import certificates, failures, organizations, people
from deploy.demo.province.picker import Picker
from deploy.demo.province.shapes import Province

AS_OF = date(2024, 7, 31)
SMALLEST, LARGEST = 100, 10_000


def generate(seed: int, scale: int = 1043) -> Province:
    """Make the province as exported on 2024-07-31, with `scale` certified organisations (100 to 10,000)."""
    if not SMALLEST <= scale <= LARGEST:
        raise ValueError(f"scale must lie between {SMALLEST} and {LARGEST}, not {scale}")
    picker = Picker(seed)
    companies = organizations.certified(picker, scale)
    issued = tuple(certificates.issue(picker, seed, companies, organizations.outside(picker), AS_OF))
    inspectors, experts = people.inspectors(picker, companies), people.experts(picker)
    return Province(
        seed=seed,
        as_of=AS_OF,
        organizations=companies,
        certificates=issued,
        failures=failures.failures(picker, issued, organizations.sellers(picker, failures.SELLERS)),
        inspectors=inspectors,
        experts=experts,
        conflicts=people.conflicts(picker, inspectors, experts, companies),
    )
