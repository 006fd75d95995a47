"""Certificates and their status (认证证书)."""

from enum import StrEnum


class CertificateStatus(StrEnum):
    """Public status of a certificate (证书状态)."""

    VALID = "valid"  # 有效
    SUSPENDED = "suspended"  # 暂停
    REVOKED = "revoked"  # 撤销
    CANCELLED = "cancelled"  # 注销
    EXPIRED = "expired"  # 过期


class StatusEvent(StrEnum):
    """What a certification body did to a certificate (证书状态事件)."""

    ISSUE = "issue"  # 发证
    CHANGE = "change"  # 变更
    EXTEND = "extend"  # 扩展
    RENEW = "renew"  # 到期换证
    SUSPEND = "suspend"  # 暂停
    RESUME = "resume"  # 恢复
    REVOKE = "revoke"  # 撤销
    CANCEL = "cancel"  # 注销
    EXPIRE = "expire"  # 到期
    CONVERT = "convert"  # 转为自我声明


class CertificateRoute(StrEnum):
    """Conformity by certificate or by the producer's own declaration (认证方式)."""

    CERTIFICATE = "certificate"  # 认证证书
    SELF_DECLARATION = "self_declaration"  # 自我声明


class PriorityGroup(StrEnum):
    """Product groups the notice names (重点产品)."""

    EX_ELECTRICAL = "EX_ELECTRICAL"  # 防爆电气
    CHILD = "CHILD"  # 儿童用品
    FIRE = "FIRE"  # 消防产品
    AUTOMOBILE = "AUTOMOBILE"  # 汽车
    WIRE_CABLE = "WIRE_CABLE"  # 电线电缆
    MOTO_HELMET = "MOTO_HELMET"  # 摩托车乘员头盔
    EBIKE_HELMET = "EBIKE_HELMET"  # 电动自行车乘员头盔
