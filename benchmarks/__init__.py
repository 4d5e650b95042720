"""What the path can do, measured: `make bench`, or `make bench ONLY=name` for one group or figure.

`figures` is the table; each group of figures has a module that measures it; `house` runs the product as real processes;
`others` are the other sides (senders, sinks, peers), each a process of its own; `page` writes docs/benchmarks.md.
"""
