"""A planner without a language model: it does what it understands and says what it does not."""
