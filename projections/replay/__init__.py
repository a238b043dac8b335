"""The log gone through from its beginning: folded anew, verified, carried elsewhere."""
