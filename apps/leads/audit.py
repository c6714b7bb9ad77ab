"""Which changes of leads are audited, beside the timeline."""

from auditlog.registry import auditlog

from apps.leads.models import (
    AssignmentPool,
    AssignmentRule,
    Availability,
    DayOff,
    Holiday,
    Lead,
    LeadExport,
    LeadMerge,
    MailTemplate,
    OfficeSpan,
    PoolMember,
    ResponsePolicy,
    RuleSet,
    ScoringModel,
    Sequence,
    SequenceStep,
)

auditlog.register(
    Lead,
    exclude_fields=["updated_at", "score_detail", "original_data", "behaviour"],
    mask_fields=["email", "phone"],
)
auditlog.register(AssignmentPool, exclude_fields=["turns"])
auditlog.register(AssignmentRule)
auditlog.register(Availability)
auditlog.register(DayOff)
auditlog.register(PoolMember, m2m_fields={"territories"})
auditlog.register(RuleSet)
auditlog.register(ScoringModel)
auditlog.register(OfficeSpan)
auditlog.register(Holiday)
auditlog.register(ResponsePolicy)
auditlog.register(MailTemplate)
# Who and which two; what they said is on the leads.
auditlog.register(
    LeadMerge,
    include_fields=["survivor", "duplicate", "actor", "created_at", "undone_at", "undone_by"],
)
# What the list was narrowed by may be somebody's address: it is on the export's own page.
auditlog.register(LeadExport, exclude_fields=["filters", "rows", "is_complete"])
auditlog.register(Sequence, m2m_fields={"sources"})
auditlog.register(SequenceStep)
