"""Playbooks: each flow as data. What is heard, what it means, who is told what, with samples and the expected outcome.

`load.py` reads a folder; `README.md` says what may be in one.
"""
