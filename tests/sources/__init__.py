"""The listeners, against brokers, centres and folders that nobody here wrote."""
