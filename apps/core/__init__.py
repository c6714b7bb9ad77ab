"""What every room stands on: envelope, errors, outbox, locks, doors to the internet, health.

Knows no lead and no buyer: it is the lowest layer and imports no other room.
"""
