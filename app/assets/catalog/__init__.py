"""The catalogue of ads: what makes any of a million ads found, filtered, counted and paged in a moment.

Two indexes, kept by the transactions that write ads: `upkeep` writes them, `finding` and `counting` read them. For every value
that a filter can ask for there is a set of ads as bits (`bits`, `terms`); for every word there is full-text search (`words`,
`searching`). Neither owns a fact: both can be made anew from the ads' own rows.
"""
