"""The Notte API as this project sees it: contract, generated models, client. Knows no Django."""
