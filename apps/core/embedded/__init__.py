"""PostgreSQL and Redis on a machine that has neither, from wheels, as ordinary child processes.

For a laptop and for tests. Where `DATABASE_URL` and `REDIS_URL` are set nothing here is used: the
product itself cannot tell the difference. Nothing in this package imports Django, so it can run
before there are settings.
"""
