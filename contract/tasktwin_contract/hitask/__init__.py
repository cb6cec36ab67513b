"""The suite of HiTask; one module a resource."""
