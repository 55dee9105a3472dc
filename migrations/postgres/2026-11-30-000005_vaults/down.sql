DROP TABLE vault_proofs;
DROP TABLE vaults;
