//! Which crate may know which: the table of the architecture, held against the manifests.
//! Tests may use whatever they like; what counts is what the product is made of.

#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use cargo_metadata::{CargoOpt, DependencyKind, Metadata, MetadataCommand, Package};
use std::collections::{BTreeMap, BTreeSet};

/// The synk crates that each crate is built with. `testkit` has no line: no product crate
/// may be built with it, and it may use any.
const TABLE: &[(&str, &[&str])] = &[
    ("synk-protocol", &[]),
    ("synk-screen", &[]),
    ("synk-log", &["synk-screen"]),
    ("synk-pty", &[]),
    ("synk-git", &[]),
    ("synk-socket", &["synk-protocol"]),
    ("synk-shim", &["synk-log", "synk-protocol", "synk-pty", "synk-screen", "synk-socket"]),
    ("synk-client", &["synk-protocol", "synk-socket"]),
    (
        "synk-core",
        &["synk-client", "synk-git", "synk-log", "synk-protocol", "synk-screen", "synk-socket"],
    ),
    ("synk-server", &["synk-core", "synk-protocol", "synk-socket"]),
    (
        "synk-cli",
        &[
            "synk-client",
            "synk-core",
            "synk-log",
            "synk-protocol",
            "synk-server",
            "synk-shim",
            "synk-socket",
        ],
    ),
    ("synk-desktop", &["synk-client", "synk-protocol"]),
];

fn workspace() -> Metadata {
    MetadataCommand::new().features(CargoOpt::AllFeatures).no_deps().exec().unwrap()
}

/// What a crate is built with.
fn needs(package: &Package) -> BTreeSet<&str> {
    let product = package.dependencies.iter().filter(|one| one.kind != DependencyKind::Development);
    product.map(|dependency| dependency.name.as_str()).collect()
}

#[test]
fn every_crate_knows_the_crates_of_its_line_and_no_other() {
    let workspace = workspace();
    let found: BTreeMap<&str, BTreeSet<&str>> = workspace
        .packages
        .iter()
        .filter(|package| package.name != "synk-testkit")
        .map(|package| {
            let own = needs(package).into_iter().filter(|name| name.starts_with("synk-"));
            (package.name.as_str(), own.collect())
        })
        .collect();
    let table = TABLE.iter().map(|(name, line)| (*name, line.iter().copied().collect())).collect();
    assert_eq!(found, table);
}

#[test]
fn only_the_window_names_tauri() {
    for package in &workspace().packages {
        let tauri: Vec<_> =
            needs(package).into_iter().filter(|name| name.starts_with("tauri")).collect();
        assert!(package.name == "synk-desktop" || tauri.is_empty(), "{}: {tauri:?}", package.name);
    }
}

#[test]
fn leaves_have_no_event_loop() {
    for package in &workspace().packages {
        if ["synk-git", "synk-log", "synk-pty", "synk-screen", "synk-protocol"]
            .contains(&package.name.as_str())
        {
            assert!(!needs(package).contains("tokio"), "{}", package.name);
        }
    }
}
