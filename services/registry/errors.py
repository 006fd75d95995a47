"""The errors of the registry, one class each."""

from shared.core.errors import DomainError, NotFound


class DivisionNotFound(NotFound):
    """No division has this code, retired ones included."""

    code = "division-not-found"
    title_zh, title_en = "行政区划代码不存在", "No such division code"


class BodyNotFound(NotFound):
    """No designated certification body has this number code."""

    code = "certification-body-not-found"
    title_zh, title_en = "认证机构代码不存在", "No certification body has this number code"


class CatalogueItemNotFound(NotFound):
    """The catalogue has never contained this code."""

    code = "catalogue-item-not-found"
    title_zh, title_en = "目录中没有该产品类别代码", "The catalogue has no such product category"


class UnsupportedFileType(DomainError):
    """Only CSV and XLSX are imported."""

    code, status = "unsupported-file-type", 415
    title_zh, title_en = "仅支持CSV和XLSX文件", "Only CSV and XLSX files are accepted"


class YearRequired(DomainError):
    """A list of failed samplings is imported for one year."""

    code, status = "year-required", 422
    title_zh, title_en = "导入抽查不合格名单须注明年度", "The list of failed samplings needs its year"


class StatusTransitionForbidden(DomainError):
    """The certificate's present status does not allow this status event."""

    code = "status-transition-forbidden"
    title_zh, title_en = "证书当前状态不允许该操作", "The certificate's present status does not allow this status event"


class StatusEventIncomplete(DomainError):
    """The status event needs a value that is missing."""

    code, status = "status-event-incomplete", 422
    title_zh, title_en = "状态变更缺少必要内容", "The status event lacks a value it needs"


class ReasonUnknown(DomainError):
    """The reason is not one of those for this status event."""

    code, status = "reason-unknown", 422
    title_zh, title_en = "变更原因不在法定情形之内", "The reason is not one of those for this status event"


class SuspensionTooLong(DomainError):
    """The suspension ends before it begins, or later than its reason allows."""

    code, status = "suspension-too-long", 422
    title_zh, title_en = "暂停期限不符合规定", "The term of suspension is not allowed"


class ModelsUnknown(DomainError):
    """A model is not on the certificate."""

    code, status = "models-unknown", 422
    title_zh, title_en = "所列型号不在证书范围内", "A model is not on the certificate"


class ScopeForbidden(DomainError):
    """This status event concerns the whole certificate only."""

    code, status = "scope-forbidden", 422
    title_zh, title_en = "该操作不得仅针对部分型号", "This status event cannot concern some models only"


class StatusEventOutOfOrder(DomainError):
    """A later status event is on record already."""

    code = "status-event-out-of-order"
    title_zh, title_en = "生效日期早于已登记的状态变更", "A later status event is on record already"


class EffectiveInFuture(DomainError):
    """A status event is recorded when it has taken effect."""

    code, status = "effective-in-future", 422
    title_zh, title_en = "生效日期晚于当日", "The effective day lies in the future"


class RenewalWindow(DomainError):
    """Renewal is open in the days before expiry only (O117 22)."""

    code = "renewal-window"
    title_zh, title_en = "不在到期换证的期限内", "Outside the days in which a certificate is renewed"


class ValidityTooLong(DomainError):
    """The new last day lies before the old one or beyond the longest validity."""

    code, status = "validity-too-long", 422
    title_zh, title_en = "证书有效期不符合规定", "The validity is not allowed"


class CertificateNumberTaken(DomainError):
    """The number is registered already."""

    code = "certificate-number-taken"
    title_zh, title_en = "证书编号已登记", "The number is registered already"


class ReapplicationBarred(DomainError):
    """The producer had a certificate or declaration of this product revoked; `until` says from when it may declare again."""

    code = "reapplication-barred"
    title_zh, title_en = "产品证书或自我声明被撤销未满规定期限", "Too soon after one of this product was revoked"


class DeclarationUnknown(DomainError):
    """No valid declaration of this product by a party of the certificate has this number."""

    code, status = "declaration-unknown", 422
    title_zh, title_en = "未登记该产品的有效自我声明", "No valid declaration of this product by its party is registered"


class RowRejected(DomainError):
    """The values break the rules that an imported row must pass."""

    code, status = "row-rejected", 422
    title_zh, title_en = "内容不符合登记校验规则", "The values break the rules of registration"
