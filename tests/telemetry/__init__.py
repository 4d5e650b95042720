"""What processes tell about themselves, tested on the town of the path's stories."""
