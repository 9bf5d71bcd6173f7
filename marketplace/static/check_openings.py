import hashlib, json, sys
public, own = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:3])
for n, o in enumerate(own["openings"]):
    here = public["sections"][o["section"]][o["column"]][o["row"]]
    figure = json.dumps(o["value"], sort_keys=True, separators=(",", ":"))
    if hashlib.sha256((o["salt"] + figure).encode()).hexdigest() != here:
        sys.exit(f"WRONG: opening {n}: {o['section']}, row {o['row']}: {o['column']} is not {figure}")
    print(f"{o['section']}, row {o['row']}: {o['column']} is {figure}")
