"""The joined path on a real database: what happens, told as stories."""
