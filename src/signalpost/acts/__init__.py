"""Acts: everything a person or a machine can ask for. Besides the steps of `work`, the only writers."""
