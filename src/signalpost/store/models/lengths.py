"""Lengths that every table shares."""

#: Longest reference of a thing that an organisation names itself.
REF_CHARACTERS = 200
#: Longest word of a closed enumeration.
WORD_CHARACTERS = 40
