"""The demo shop: three brands, forty products, and their pictures drawn by the program."""
