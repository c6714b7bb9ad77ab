"""Which changes of people are audited."""

from auditlog.registry import auditlog

from apps.users.models import ApiKey, User

auditlog.register(User, exclude_fields=["last_login"], mask_fields=["password"])
auditlog.register(ApiKey, exclude_fields=["last_used_at"], mask_fields=["digest"])
