"""Which changes of leads are audited, beside the timeline."""

from auditlog.registry import auditlog

from apps.leads.models import AssignmentPool, Lead, PoolMember, ScoringModel

auditlog.register(
    Lead,
    exclude_fields=["updated_at", "score_detail", "original_data", "behaviour"],
    mask_fields=["email", "phone"],
)
auditlog.register(AssignmentPool, exclude_fields=["last_assigned"])
auditlog.register(PoolMember, m2m_fields={"territories"})
auditlog.register(ScoringModel)
