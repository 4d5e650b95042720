"""Signalpost: what happens becomes the right communication, proven and reported back."""
