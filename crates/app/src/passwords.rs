//! Passwords: hashing them as OWASP asks, and checking them without telling who has one.
