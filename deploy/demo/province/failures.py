"""Products that failed the provincial sampling of a year (省级监督抽查不合格)."""

from collections.abc import Sequence
from datetime import date

from deploy.demo.province.picker import Picker
from deploy.demo.province.reference import local, words
from deploy.demo.province.shapes import Certificate, Organization, Product, SamplingFailure

FAILURES, SELLERS = 40, 10


def failures(
    picker: Picker, year: int, certificates: Sequence[Certificate], shops: Sequence[Organization]
) -> tuple[SamplingFailure, ...]:
    """Of a year: thirty at holders of certificates, the others at sellers that hold none."""
    holders = list({certificate.holder.uscc: certificate for certificate in certificates}.values())
    step = len(holders) // (FAILURES - SELLERS)
    sampled = [(certificate.holder, certificate) for certificate in holders[::step][: FAILURES - SELLERS]]
    sampled += [(shop, picker.one(certificates, "sold", shop.uscc)) for shop in shops]
    return tuple(_failure(picker, year, index, *pair) for index, pair in enumerate(sampled))


def _failure(picker: Picker, year: int, index: int, organization: Organization, certificate: Certificate) -> SamplingFailure:
    product: Product = certificate.product
    made_on = picker.day(date(year, 1, 10), date(year, 7, 31), "made", index)
    first = picker.below(len(words()["failed_items"]), "item", index)
    return SamplingFailure(
        sampling_no=f"{local()['prefix']}{year}CCC{index + 1:04d}",
        organization=organization,
        product=product,
        model=certificate.models[0],
        batch=f"{made_on.isoformat()}/{picker.below(900, 'batch', index) + 100}",
        failed_items=tuple(sorted({words()["failed_items"][first], words()["failed_items"][first - 1]})),
        reported_on=picker.day(date(year, 9, 1), date(year, 12, 15), "reported", index),
    )
