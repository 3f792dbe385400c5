//! What cannot be started, and what is said about it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use synk_pty::{SpawnError, reap, shell};

use crate::terminal::{environment, try_spawn};

pub(crate) fn refusals() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str, mode: u32| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path.display().to_string()
    };
    let plain = file("plain", "#!/bin/sh\n", 0o644);
    let text = file("text", "echo hello\n", 0o755);
    let lost = file("lost", "#!/nowhere/sh -e\necho hello\n", 0o755);
    let missing = folder.path().join("missing").display().to_string();
    let directory = folder.path().display().to_string();
    let root = Path::new("/");
    let env = environment(&[]);

    let refused = |command: &[&str], cwd: &Path, env: &[(String, String)]| {
        let error = try_spawn(command, cwd, env).unwrap_err();
        let sentence = error.to_string();
        (error, sentence)
    };
    let cases: [(&[&str], &Path, &str); 9] = [
        (&["true"], Path::new("/nowhere"), "the directory /nowhere does not exist"),
        (&["true"], Path::new(&plain), "is not a directory"),
        (&["no-such-program"], root, "the program \"no-such-program\" was not found"),
        (&[&missing], root, "was not found"),
        (&[""], root, "was not found"),
        (&[&plain], root, "it is not executable"),
        (&[&directory], root, "it is a directory"),
        (&[&text], root, "text without a `#!` line"),
        (&[&lost], root, "/nowhere/sh, which cannot be run"),
    ];
    for (command, cwd, expected) in cases {
        let (_, sentence) = refused(command, cwd, &env);
        assert!(sentence.contains(expected), "{command:?}: {sentence}");
    }

    let (error, _) = refused(&["true", "a\0b"], root, &env);
    assert!(matches!(error, SpawnError::InvalidCommand(_)));
    for (name, value) in [("", "x"), ("A=B", "x"), ("A\0", "x"), ("A", "x\0")] {
        let (error, _) = refused(&["true"], root, &environment(&[(name, value)]));
        assert!(matches!(error, SpawnError::InvalidVariable(_)), "{name:?}={value:?}");
    }
    // No PATH finds nothing.
    let (error, _) = refused(&["true"], root, &[]);
    assert!(matches!(error, SpawnError::CommandNotFound(_)));
    // A wrong shell is refused, not replaced.
    let (error, _) = refused(&[], root, &environment(&[("SHELL", "/nowhere/zsh")]));
    assert!(matches!(error, SpawnError::CommandNotFound(_)));
    let (error, _) = refused(&[], root, &environment(&[("SHELL", &plain)]));
    assert!(matches!(error, SpawnError::NotExecutable { .. }));
    assert_eq!(reap(), [], "nothing was started");
}

pub(crate) fn shells() {
    let named = |shell: &str| [("SHELL".to_owned(), shell.to_owned())];
    assert_eq!(shell(&named("/bin/zsh-of-mine")), "/bin/zsh-of-mine");
    let own = shell(&[]);
    assert!(Path::new(&own).is_file(), "{own}");
    assert_eq!(shell(&named("")), own);
}
