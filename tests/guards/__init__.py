"""The shop's guards, each with the change that takes it out and the tests that must notice."""

from __future__ import annotations

from tests.guards.buying import GUARDS as BUYING
from tests.guards.groups import GUARDS as GROUPS
from tests.guards.kinds import Guard
from tests.guards.orders import GUARDS as ORDERS
from tests.guards.paying import GUARDS as PAYING
from tests.guards.queues import GUARDS as QUEUES
from tests.guards.rights import GUARDS as RIGHTS
from tests.guards.walls import GUARDS as WALLS

GUARDS: tuple[Guard, ...] = (*BUYING, *GROUPS, *PAYING, *ORDERS, *QUEUES, *RIGHTS, *WALLS)
