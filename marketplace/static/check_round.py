import collections, hashlib, json, sys
class Row(dict): __getattr__ = dict.__getitem__
def sha(x): return hashlib.sha256(json.dumps(x, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
def law(holds, what): return holds or sys.exit(f"WRONG: {here}: {what}")
here, sums, sys.excepthook = "file", collections.Counter(), lambda _, error, at: print(f"WRONG: {here}: {error!r}")
part = (file := json.load(open(sys.argv[1], encoding="utf-8"), object_hook=Row)).sections
table = Row((name, [Row(zip(part[name], row)) for row in zip(*part[name].values())]) for name in file.marks)
for here, m in ((f"matches: row {n}", row) for n, row in enumerate(table.matches)):
    q, lot, need = m.quantity, table.lots[m.lot], table.needs[m.need]
    good, days, price = table.goods[lot.commodity], m.minutes // 1440, m.price if type(m.price) is int else lot.ask
    by, day = table.carriages[good.carriage], max(lot.ready, part.round.today, need.first - days)
    left = lot.keeps - m.minutes - (0 if lot.waits else (day - lot.ready) * 1440)
    law(lot.eligible and need.eligible and lot.organisation != need.organisation and need.get("takes_expected", False) >= lot.get("expected", False), "these two may not trade")
    law(lot.commodity == need.commodity and lot.grade <= need.grade and (need.certificates | lot.get("leaving", 0) | need.get("entering", 0)) & ~lot.certificates == 0, "goods")
    law(day <= min(lot.until, need.until - days) and m.minutes <= (good.minutes or m.minutes), "no day suits")
    law(left >= max(1, need.fresh) or not lot.keeps, "not fresh enough on arrival")
    law(q >= max(1, need.minimum, need.quantity * (not need.splits), lot.quantity * lot.whole), "divided")
    law(sum(map(int.__mul__, m.trips, by.payload)) >= m.kilograms == -(-q * good.milligrams // 10**6), "weight")
    law(sum(map(int.__mul__, m.trips, m.trip_cost)) + by.handling * m.kilograms == m.freight, "freight")
    law(type(need.bid) is str or price >= lot.ask and q * (need.bid - price) >= m.freight, "somebody loses")
    sums.update({("lots", m.lot): q, ("needs", m.need): q, ("amounts", lot.commodity): m.kilograms})
for here in part:
    for n, row in enumerate(table.get(here, [])):
        rest = row.get("quantity", row.get("kilograms", 0)) - sums[here, n]
        law(rest == 0 or here != "amounts" and rest >= row.get("minimum", 0) * (sums[here, n] > 0), f"row {n}: sums")
        law(sha(list(row.values()))[:8] == file.marks[here][n], f"row {n} was changed")
    law(sha(part[here]) == file.hashes[here], "was changed")
law(part.round.value is None or part.round.value == sum(part.gains.value) <= sum(part.gains.bound) == part.round.bound, "value")
law(sha([file.format, file.version, file.view, file.hashes, file.marks]) == file.hash, "the hash of the whole file")
print(f"OK: round {part.round.number} gains {part.round.value} of at most {part.round.bound} VND, {file.hash}")
