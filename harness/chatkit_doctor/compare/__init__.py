"""How far two runtimes behave alike: the same scenarios on both, told apart from their own noise."""
