//! What the rules want to know of the graph of crates, as plain values that a test can write down.

use cargo_metadata::Metadata;

/// Our crates, and every package that goes into them.
pub struct Graph {
    /// The members of the workspace.
    pub members: Vec<Member>,
    /// All packages, ours and others'.
    pub packages: Vec<Package>,
}

/// One of our crates.
pub struct Member {
    /// Its name, such as `folkmoot-domain`.
    pub name: String,
    /// What its manifest names under any kind of dependency: for the program, for tests, for the build.
    pub uses: Vec<String>,
}

/// A package and its terms.
pub struct Package {
    /// Name and version.
    pub name: String,
    /// The SPDX expression of its manifest.
    pub licence: Option<String>,
}

impl Graph {
    /// The graph as cargo tells it.
    pub fn of(metadata: &Metadata) -> Self {
        let members = metadata.workspace_packages().into_iter().map(|package| Member {
            name: package.name.to_string(),
            uses: package.dependencies.iter().map(|dependency| dependency.name.clone()).collect(),
        });
        let packages = metadata.packages.iter().map(|package| Package {
            name: format!("{} {}", package.name, package.version),
            licence: package.license.clone(),
        });
        Self { members: members.collect(), packages: packages.collect() }
    }
}
