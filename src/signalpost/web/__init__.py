"""Web: parse, ask an act or a view, render. No rule lives here."""
