"""`python -m tasktwin_contract`: the `tasktwin` command."""

from tasktwin_contract.cli import main

if __name__ == "__main__":
    main()
