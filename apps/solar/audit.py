"""Which changes of the tables are audited: a rate decides what a customer is told."""

from auditlog.registry import auditlog

from apps.solar.models import Assumption, Incentive, InstallCost, Station, Tariff

for _table in (Tariff, Incentive, InstallCost, Station, Assumption):
    auditlog.register(_table)
