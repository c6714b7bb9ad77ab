"""Append-only money: who owes whom how much, and why. A party is a kind and an id."""
