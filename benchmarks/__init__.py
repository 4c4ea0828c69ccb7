"""What is measured: speed, and how rules that fit five notices fare on others. Never imported by the program."""
