raise SystemExit("the wrong keras")
