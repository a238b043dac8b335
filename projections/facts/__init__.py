"""What is known besides money, one file a thing: the rows, and how events change them."""
