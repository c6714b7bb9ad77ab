"""What of this room hangs on a lead, and what becomes of it in a merge."""

from apps.core.attachments import moves

moves("leads.lead", "integrations.ChatbotInteraction", "lead")
moves("leads.lead", "integrations.CalculatorData", "lead")
moves("leads.lead", "integrations.EmailLog", "lead")
moves("leads.lead", "integrations.ImportRow", "lead")
