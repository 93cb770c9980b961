ANSWER = "It is about 0.6."
