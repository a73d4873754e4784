"""Pages for people: each calls the same service function as its JSON twin."""
