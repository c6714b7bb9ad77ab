"""Who gets a lead, decided from data alone: rules, people, the clock. Pure.

`conditions` what a rule asks of a lead · `availability` who can take one now · `turns` whose turn
it is · `decision` all of it together · `trial` the same for leads of the past.
"""
