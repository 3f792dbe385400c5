//! Git repositories for tests.

use git2::{Repository, RepositoryInitOptions, Signature};
use std::path::Path;

/// Makes `folder` a repository with one empty commit on `branch`.
pub fn repository(folder: &Path, branch: &str) {
    let made = Repository::init_opts(folder, RepositoryInitOptions::new().initial_head(branch))
        .and_then(|repository| {
            let author = Signature::now("A", "a@example.org")?;
            let tree = repository.treebuilder(None)?.write()?;
            let tree = repository.find_tree(tree)?;
            repository.commit(Some("HEAD"), &author, &author, "first", &tree, &[]).map(drop)
        });
    made.expect("a repository");
}
