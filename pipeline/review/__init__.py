"""Review: decisions are logged (log), make gold (replay), are set beside each new extraction (merge) and go into what is published (apply)."""
