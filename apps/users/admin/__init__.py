"""The pages of people: who works here, their API keys, and everybody's own profile."""

from apps.users.admin.keys import ApiKeyAdmin
from apps.users.admin.people import UserAdmin

__all__ = ["ApiKeyAdmin", "UserAdmin"]
