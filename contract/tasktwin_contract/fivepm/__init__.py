"""The suite of 5pm; one module a resource or a rule that holds for all of them."""
