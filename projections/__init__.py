"""What it adds up to: flows, the folds over them, and the books that decisions look at."""
