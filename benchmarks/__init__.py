"""What the path can do, measured: `make bench`, or `make bench ONLY=name` for one figure."""
