"""One file a target format: a Ruleset in, bytes or text out."""
