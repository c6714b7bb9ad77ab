"""Which changes of sources are audited."""

from auditlog.registry import auditlog

from apps.intake.models import LeadSource, SourceKey

auditlog.register(LeadSource, mask_fields=["signing_secret"], exclude_fields=["conversion_rate"])
auditlog.register(SourceKey, mask_fields=["digest"], exclude_fields=["last_used_on"])
