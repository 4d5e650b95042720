"""What the console reads: lists with filter, search, sort and pages, and everything about one thing. Read-only.

Statements are constant. A filter that is not set is a constant comparison, which the planner folds away together with
the sort orders that were not asked for, so that each list runs on its index.
"""
