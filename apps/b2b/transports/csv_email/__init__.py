"""A CSV file by e-mail, through our own mail server or one just for that."""
