"""Authoring: where people write communications, shared texts, brands and the rest of the library.

rights       who may write and read, for Wagtail
viewsets     the lists and forms of each kind, on Wagtail's own
editing      what a form has beside its fields: the data to choose from, findings, Submit
asking       what a form asks while somebody types: conditions, segments of an SMS, contrast, what is wrong
languages    two languages side by side, and starting a further one
sending      from working copies to a release in review
"""
