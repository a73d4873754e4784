"""The questions educators really ask, answered on the bundled catalog: facts are held, wording is free."""
