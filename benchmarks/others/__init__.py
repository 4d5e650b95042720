"""The other sides of the product: senders, sinks and peers, each a process of its own that says JSON lines."""
