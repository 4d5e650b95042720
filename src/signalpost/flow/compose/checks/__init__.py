"""Checks of what is written, one thing each: languages, links, readability, spelling, tables, markup of e-mail.

All pure: contents, manuscripts or finished HTML in, findings out. What needs a font, a dictionary's file or an engine
is asked for by `acts.checking`.
"""
