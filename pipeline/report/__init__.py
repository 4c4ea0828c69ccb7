"""What people see: view data first, then a template or a table."""
