"""The database: naming convention, column types, engine and THE transaction. Knows no feature."""
