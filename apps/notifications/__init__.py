"""Telling people, in the way each of them wants; and the queue of what needs a person."""
