"""Authentication, roles and jurisdiction, segregation of duties, audit."""
