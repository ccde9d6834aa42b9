from allauth.mfa.adapter import DefaultMFAAdapter

from notte_dashboard.workspaces.encrypted import Ciphertext, decrypt, encrypt


class EncryptedSecrets(DefaultMFAAdapter):  # type: ignore[misc]  # the library has no types
    """What makes codes is ciphertext in the database, as every other secret."""

    def encrypt(self, text: str) -> str:
        return str(encrypt(text))

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(Ciphertext(encrypted_text))
