"""A POST signed as Standard Webhooks says."""
