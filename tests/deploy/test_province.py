"""The synthetic province is the same for the same seed, valid in form, and spoiled in exactly the known ways."""

import csv
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from stdnum.cn import uscc

from deploy.demo.province import as_of, generate
from deploy.demo.province.files import Files, write, write_certificates
from deploy.demo.province.reference import headings, local
from deploy.demo.province.shapes import Province
from shared.vocabulary import CertificateStatus, ObjectKind, PriorityGroup


@pytest.fixture(scope="module")
def province() -> Province:
    return generate(20240731)


@pytest.fixture(scope="module")
def files(province: Province, tmp_path_factory: pytest.TempPathFactory) -> Files:
    return write(province, tmp_path_factory.mktemp("province"))


def test_the_same_seed_makes_the_same_province() -> None:
    assert generate(7, 100) == generate(7, 100)


def test_another_seed_makes_another_province() -> None:
    assert generate(7, 100).certificates != generate(8, 100).certificates


@pytest.mark.parametrize("scale", [0, 99, 10_001])
def test_a_scale_out_of_bounds_is_refused(scale: int) -> None:
    with pytest.raises(ValueError, match=str(scale)):
        generate(1, scale)


@pytest.mark.parametrize("scale", [100, 1043, 10_000])
def test_every_scale_has_every_city_and_every_priority_group_and_no_name_twice(scale: int) -> None:
    made = generate(3, scale)
    assert len({o.uscc for o in made.organizations}) == len({o.name for o in made.organizations}) == scale
    assert len({c.number for c in made.certificates}) == len(made.certificates) >= 3 * scale
    assert {o.city for o in made.organizations} == set(local()["city_weights"])
    assert {c.product.priority_group for c in made.certificates} == {*PriorityGroup, None}


def test_about_four_thousand_certificates_for_1043_organisations(province: Province) -> None:
    assert 3_800 <= len(province.certificates) <= 4_200
    assert {c.holder.uscc for c in province.certificates} == {o.uscc for o in province.organizations}


def test_every_uscc_is_valid(province: Province) -> None:
    parties = {p for c in province.certificates for p in (c.applicant, c.manufacturer, c.factory)}
    everybody = parties | set(province.organizations) | {f.organization for f in province.failures}
    assert len(everybody) > 1043
    assert [o.uscc for o in everybody if not uscc.is_valid(o.uscc)] == []


def test_numbers_dates_and_bodies_of_a_certificate_agree(province: Province) -> None:
    for certificate in province.certificates:
        assert re.fullmatch(r"[0-9]{16}", certificate.number)
        assert certificate.number[:4] == str(certificate.first_issued_on.year)
        assert certificate.number[4:10] == certificate.body.number_code + certificate.product.code
        assert certificate.product.acceptance_from <= certificate.first_issued_on <= certificate.issued_on <= as_of(2024)
        assert certificate.issued_on < certificate.expires_on <= _five_years_after(certificate.issued_on)


def test_a_status_is_dated_between_issue_and_export(province: Province) -> None:
    ended = [c for c in province.certificates if c.status is not CertificateStatus.VALID]
    assert {c.status for c in ended} == set(CertificateStatus) - {CertificateStatus.VALID}
    assert all(c.status_since and c.issued_on < c.status_since <= as_of(2024) for c in ended)


def test_every_organisation_can_be_drawn(province: Province) -> None:
    valid = [c for c in province.certificates if c.status is CertificateStatus.VALID]
    assert {c.holder.uscc for c in valid} == {o.uscc for o in province.organizations}
    assert all(c.expires_on > date(2024, 12, 31) for c in valid)


def test_the_holder_is_the_first_party_in_the_province(province: Province) -> None:
    for certificate in province.certificates:
        parties = (certificate.factory, certificate.manufacturer, certificate.applicant)
        assert certificate.holder == next(party for party in parties if party.division.startswith("35"))
    assert any(c.factory != c.holder for c in province.certificates)
    assert any(c.applicant != c.holder for c in province.certificates)


def test_forty_products_failed_in_2023_and_ten_of_their_sellers_hold_no_certificate(province: Province) -> None:
    kinds = Counter(f.organization.kind for f in province.failures)
    assert kinds == {ObjectKind.CERTIFIED_ORG: 30, ObjectKind.SELLER: 10}
    holders = {o.uscc for o in province.organizations}
    assert all((f.organization.uscc in holders) == (f.organization.kind == "certified_org") for f in province.failures)


@pytest.mark.parametrize("scale", [100, 1043, 10_000])
def test_every_city_has_inspectors_enough_for_its_share_of_the_draw(scale: int) -> None:
    made = generate(5, scale)
    sample = max(100, -(-scale // 10))
    able = Counter[str]()
    for person in made.inspectors:
        if person.certificate_to > date(2024, 11, 30) and not person.leave_from:
            able[person.city] += person.workload_cap
    for city, objects in Counter(o.city for o in made.organizations).items():
        assert able[city] >= 2 * 2 * min(objects, -(-sample * objects // scale) + 8)
    assert sum(p.certificate_to < date(2024, 8, 1) for p in made.inspectors) == 2
    assert sum(p.leave_from is not None for p in made.inspectors) == 2


def test_people_are_identified_once_and_experts_know_explosion_protection(province: Province) -> None:
    assert len(province.inspectors) == len({p.staff_no for p in province.inspectors}) == 320
    assert len({p.law_enforcement_no for p in province.inspectors}) == 320
    assert len(province.experts) == len({e.expert_no for e in province.experts}) == 60
    assert sum("23" in expert.fields for expert in province.experts) >= 10
    known = {p.staff_no for p in province.inspectors} | {e.expert_no for e in province.experts}
    assert len(province.conflicts) == 15
    assert {conflict.person for conflict in province.conflicts} <= known


def test_the_workbook_holds_every_certificate_and_37_bad_rows(province: Province, files: Files) -> None:
    book = openpyxl.load_workbook(files.certificates, read_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    book.close()
    expected = json.loads(files.expected_rejections.read_text("utf-8"))
    assert list(rows[0]) == [column.heading for column in headings("certificate")]
    assert len(rows) - 1 == len(province.certificates) + 37
    assert len(expected) == len({bad["line"] for bad in expected}) == 37
    bad_lines = {bad["line"] for bad in expected}
    good = [row[0] for line, row in enumerate(rows, start=1) if line > 1 and line not in bad_lines]
    assert good == [certificate.number for certificate in province.certificates]


def test_every_expected_rejection_names_rules_that_exist(files: Files) -> None:
    rules = Path(__file__).parents[2] / "services/registry/data/certificate_rules.json"
    errors = {r["code"] for r in json.loads(rules.read_text("utf-8"))["items"] if r["severity"] == "error"}
    for bad in json.loads(files.expected_rejections.read_text("utf-8")):
        assert bad["codes"], bad
        assert set(bad["codes"]) <= errors


def test_only_the_duplicates_use_a_number_that_a_good_row_has(province: Province, files: Files) -> None:
    good = {certificate.number for certificate in province.certificates}
    expected = json.loads(files.expected_rejections.read_text("utf-8"))
    assert {bad["why"] for bad in expected if bad["certificate_no"] in good} == {"number of another holder"}


@pytest.mark.parametrize("scale", [100, 2_000])
def test_the_number_of_bad_rows_does_not_depend_on_the_scale(scale: int, tmp_path: Path) -> None:
    assert len(write_certificates(generate(2, scale), tmp_path / "certificates.xlsx")) == 37


def test_both_encodings_of_the_failed_samplings_say_the_same(files: Files) -> None:
    assert files.failures.read_bytes().startswith(b"\xef\xbb\xbf")
    with (
        files.failures.open(encoding="utf-8-sig", newline="") as modern,
        files.failures_gb18030.open(encoding="gb18030", newline="") as national,
    ):
        rows = list(csv.DictReader(modern))
        assert rows == list(csv.DictReader(national))
    assert len(rows) == 40
    assert all(row["不合格项目"] and row["统一社会信用代码"] for row in rows)


def _five_years_after(day: date) -> date:
    """The same day five years on; a leap day ends on the first of March at the latest."""
    return date(day.year + 5, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 5)
