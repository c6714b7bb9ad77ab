"""What every API endpoint shares: the envelope, the errors, pages, and the published schema."""
