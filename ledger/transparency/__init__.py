"""What lets anybody check the log: its tree, signed heads, proofs."""
