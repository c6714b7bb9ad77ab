"""What the site and the rooms add up to: events of visitors, and the pages that read them."""
