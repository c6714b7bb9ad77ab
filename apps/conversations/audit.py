"""Which changes of the tables are audited: they decide what a visitor is told."""

from auditlog.registry import auditlog

from apps.conversations.models import CannedReply, KnowledgeEntry, OpeningLine, SpeechPrice

for _table in (CannedReply, KnowledgeEntry, OpeningLine, SpeechPrice):
    auditlog.register(_table)
