"""What changes a conversation: `opening`, `turns` (the assistant's), `staff` (a person's)."""
