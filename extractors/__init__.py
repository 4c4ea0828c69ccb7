"""What can be seen in a text. Each module knows one kind of mention and no other module of its rank."""
