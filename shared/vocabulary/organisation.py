"""Levels of regulators and roles of persons (机构与角色)."""

from enum import StrEnum


class OrgLevel(StrEnum):
    """Level of a unit in the regulator tree (监管机构层级)."""

    NATIONAL = "national"  # 总局
    PROVINCIAL = "provincial"  # 省局
    PREFECTURE = "prefecture"  # 设区市局
    COUNTY = "county"  # 县(市、区)局
    STATION = "station"  # 所
    SUPPORT = "support"  # 技术机构
    EXTERNAL = "external"  # 系统外单位


class Role(StrEnum):
    """What a person may do (角色); permissions are stated at each route."""

    PROV_ADMIN = "prov_admin"  # 省局认证监管
    PROV_ENFORCEMENT = "prov_enforcement"  # 省局执法稽查
    PROV_SUPERVISOR = "prov_supervisor"  # 省局纪检/执法监督
    CITY_LEAD = "city_lead"  # 设区市局
    CITY_INSPECTOR = "city_inspector"  # 设区市检查人员
    COUNTY_LEAD = "county_lead"  # 县(市、区)局
    COUNTY_INSPECTOR = "county_inspector"  # 县级检查人员
    ENFORCEMENT_OFFICER = "enforcement_officer"  # 执法稽查人员
    LEGAL_REVIEWER = "legal_reviewer"  # 法制审核人员
    EXPERT = "expert"  # 技术专家
    METROLOGY_COORDINATOR = "metrology_coordinator"  # 省计量院
    REPORTER_CLERK = "reporter_clerk"  # 填报人员
    OBJECT_CONTACT = "object_contact"  # 被检查对象联系人
    CERT_BODY_CONTACT = "cert_body_contact"  # 认证机构联系人
    POLICE_LIAISON = "police_liaison"  # 公安联络员
    AUDITOR = "auditor"  # 审计员
    SYSADMIN = "sysadmin"  # 系统管理员, 无业务数据
    SECURITY_ADMIN = "security_admin"  # 安全管理员
    AUDIT_ADMIN = "audit_admin"  # 审计管理员
