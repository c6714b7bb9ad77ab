"""Who works here: people, their roles and how they sign in."""
