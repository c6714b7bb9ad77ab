"""Which changes are audited, beside an alert's own story."""

from auditlog.registry import auditlog

from apps.notifications.models import EscalationRule, Hours, Preference

auditlog.register(EscalationRule)
auditlog.register(Preference)
auditlog.register(Hours)
