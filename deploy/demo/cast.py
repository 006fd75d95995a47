"""Who acts in the demo. All of them are invented; a subject is the id that the identity provider would give."""

from deploy.cli.credentials import Person
from shared.core.province import province
from shared.vocabulary import OrgLevel, Role

PLANNER = Person("prov-planner", Role.PROV_ADMIN, None, "省局认证处经办(模拟)")
APPROVER = Person("prov-approver", Role.PROV_ADMIN, None, "省局认证处负责人(模拟)")
SEALER = Person("prov-sealer", Role.PROV_ADMIN, None, "省局抽取封存人(模拟)")
DRAWER = Person("prov-drawer", Role.PROV_ADMIN, None, "省局抽取操作人(模拟)")
WITNESS = Person("prov-witness", Role.PROV_SUPERVISOR, None, "省局机关纪委见证人(模拟)")
AUDITOR = Person("auditor", Role.AUDITOR, None, "审计员(模拟)")
ENFORCEMENT_HEAD = Person("prov-enforcement", Role.PROV_ENFORCEMENT, None, "省局执法稽查(模拟)")
OPERATOR = Person("operator", Role.SYSADMIN, None, "平台运维(模拟)")
INSTITUTE = Person("institute", Role.METROLOGY_COORDINATOR, None, "省计量院协调人(模拟)")


def lead(city: str) -> Person:
    """The certification section's head at a city's bureau (设区市局负责人)."""
    return Person(f"lead-{city}", Role.CITY_LEAD, city, f"{city}市局认证科负责人(模拟)")


def deputy(city: str) -> Person:
    """The second head of a city's bureau: approves what the first planned (设区市局分管领导)."""
    return Person(f"deputy-{city}", Role.CITY_LEAD, city, f"{city}市局分管领导(模拟)")


def operator(city: str) -> Person:
    """The one who executes the draw of a city (设区市局抽取操作人)."""
    return Person(f"operator-{city}", Role.CITY_LEAD, city, f"{city}市局抽取操作人(模拟)")


def officer(city: str) -> Person:
    """An enforcement officer of a city (执法稽查人员)."""
    return Person(f"officer-{city}", Role.ENFORCEMENT_OFFICER, city, f"{city}市局执法人员(模拟)")


def legal(city: str) -> Person:
    """A legal reviewer of a city (法制审核人员)."""
    return Person(f"legal-{city}", Role.LEGAL_REVIEWER, city, f"{city}市局法制审核(模拟)")


def clerk(org: str) -> Person:
    """Who fills in reports (填报人员)."""
    return Person(f"clerk-{org}", Role.REPORTER_CLERK, org, f"{org}填报人员(模拟)")


def police(city: str) -> Person:
    """The police's liaison (公安联络员)."""
    return Person(f"police-{city}", Role.POLICE_LIAISON, city, f"{city}公安联络员(模拟)")


def contact(uscc: str) -> Person:
    """The contact of an inspected object (被检查对象联系人)."""
    return Person(f"contact-{uscc}", Role.OBJECT_CONTACT, uscc, "企业联系人(模拟)")


def body_contact(code: str) -> Person:
    """The contact of a certification body (认证机构联系人)."""
    return Person(f"body-{code}", Role.CERT_BODY_CONTACT, code, f"认证机构{code}联系人(模拟)")


def inspector(member: dict[str, str]) -> Person:
    """A member of a team, as the inspector library knows him or her."""
    org = member["org"]
    in_county = province().level(org) is OrgLevel.COUNTY
    role = Role.COUNTY_INSPECTOR if in_county else Role.CITY_INSPECTOR
    return Person(member["inspector_id"], role, org, member["name"])
