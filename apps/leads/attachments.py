"""What of this room hangs on a lead or a person, and what becomes of it in a merge."""

from apps.core.attachments import moves, stays

moves("contacts.contact", "leads.Lead", "contact")
moves("leads.lead", "leads.LeadActivity", "lead")
moves("leads.lead", "leads.LeadScore", "lead", apart=("model_id", "input_digest"))
moves("leads.lead", "leads.Appointment", "lead")
moves("leads.lead", "leads.LeadMail", "lead")
moves("leads.lead", "leads.Task", "lead")
for _side in ("survivor", "duplicate"):
    stays(
        "leads.lead",
        "leads.LeadMerge",
        _side,
        because="It tells which two leads were merged, whatever became of them later.",
    )
stays(
    "leads.lead",
    "leads.DuplicateBlock",
    "lead",
    because="Blocks follow from what a lead says, and are written anew.",
)
for _side in ("first", "second"):
    stays(
        "leads.lead",
        "leads.DuplicateSuggestion",
        _side,
        because="A pair is of these two leads; the survivor is compared anew.",
    )
stays(
    "leads.lead",
    "leads.Enrolment",
    "lead",
    because="The duplicate is closed, which stops its sequence; the survivor's own goes on.",
)
moves("leads.lead", "leads.LeadAssignment", "lead")
stays(
    "leads.lead",
    "leads.WaitingLead",
    "lead",
    because="It is this lead that waits for a person; merged into another it is closed.",
)
