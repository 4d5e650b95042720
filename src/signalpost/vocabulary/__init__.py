"""The nouns of Signalpost: frozen records and closed enumerations that every other part speaks in.

Nothing here reads a clock, a file or a database, and nothing here imports another part of Signalpost. A record is a
`msgspec.Struct`: immutable, typed, and with one canonical JSON form (`records.canonical`) that is what is hashed,
archived and compared.
"""
