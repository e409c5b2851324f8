"""attrs ⇄ plain data: the one converter."""
