"""What may be asked of a ledger, at any moment."""
