"""Turns listings into the arrays that `marketplace.matching` solves, and its outcome back into records.

    market, index = assemble(lots, needs, atlas, catalogue, today)
    outcome = solve(market, progress=report)            # marketplace.matching
    result = read_outcome(outcome, market, index, atlas)

No Flask and no database: `flask match` calls it with rows of files, a match round with rows of tables.
"""
