"""From a task's definition to SQL over the raw rows.

A *flow* (COUNT, RATIO, HIT, CLOCK, CHANGE) is a set of facts, each with a time `at`: the board sums
the facts of a stretch of time, the rollup sums them by day. A *level* (OVERDUE, STANDING,
DOWNGRADE) and the LATEST observation are read at an instant.

A clocked row counts once: when it is finished in time, at that time; else at the first second after
its deadline. So a row still inside its limit counts nowhere, and what was true at an instant can be
read again later from the rows' own times.
"""
