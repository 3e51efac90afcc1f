//! Pictures that go with what is published.
