"""The store: Signalpost's rows in PostgreSQL and its documents in the archive. Rows in, vocabulary out."""
