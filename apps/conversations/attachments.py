"""What of this room hangs on a lead, and what becomes of it in a merge."""

from apps.core.attachments import moves

moves("leads.lead", "conversations.Conversation", "lead")
