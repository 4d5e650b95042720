"""How fine the indices by time are on tables that only grow."""

#: Table pages (8 KiB) that one entry covers: a look at the last minute reads little more than that minute.
PAGES_OF_A_RANGE = 16
