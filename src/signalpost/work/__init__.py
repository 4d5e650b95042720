"""Work: the runner that loads, calls a pure stage, and saves its result with the next step in one transaction.

Read `steps` first: it is the map.
"""
