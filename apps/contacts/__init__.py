"""Who a person is, and what we may do with them: identities, consent, suppression."""
