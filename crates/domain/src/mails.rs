//! Letters by mail: what each one is about, and where it stands on its way.
