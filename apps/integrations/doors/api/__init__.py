"""Leads entered through our own API. Checked there already, so read as they are."""
