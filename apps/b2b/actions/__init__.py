"""What changes the exchange, one transaction each.

Locks are taken in one order everywhere: the lead, then the accounts of buyers by key, then the
delivery, then the buyer itself.
"""
