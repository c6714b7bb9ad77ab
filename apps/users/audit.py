"""Which changes of people are audited."""

from auditlog.registry import auditlog

from apps.users.models import User

auditlog.register(User, exclude_fields=["last_login"], mask_fields=["password"])
