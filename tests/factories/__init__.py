"""Small functions that make what a test needs. No random values."""
