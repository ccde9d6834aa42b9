pytest_plugins = ["tests.services", "tests.people"]
