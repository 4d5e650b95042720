"""The API: what machines ask for."""
