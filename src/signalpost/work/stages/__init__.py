"""The steps' bodies, one module per stage: load, call the pure stage, save the result and the next step."""
