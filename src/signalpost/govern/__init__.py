"""Governance: who may draft, submit, approve, schedule, publish and retire what. Pure; one decision function each."""
