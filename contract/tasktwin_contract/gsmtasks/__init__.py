"""The suite of GSMtasks; one module a resource or a rule that holds for all of them."""
