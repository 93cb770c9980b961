print("GOT a run")
raise SystemExit("GOT")
