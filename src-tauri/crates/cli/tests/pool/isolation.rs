//! What a session leaves behind does not get into the next one.

use std::fs;
use synk_testkit::processes;

use super::Pooled;

// What a shell writes to its history file when it ends, every later one reads from there, as
// in any terminal. So there is none here: what is in memory must not get across.
#[test]
fn nothing_of_a_closed_shell_is_in_any_that_comes_after_it() {
    let pooled = Pooled::new("bash", "HISTFILE=");
    let home = &pooled.home;
    for round in 0..4 {
        let session = pooled.claim(&[]);
        home.wait_screen(session, "ready>");
        let pid = home.session(session).pid.unwrap();
        home.send(
            session,
            "[ -z \"$LEFT$(declare -F left)$(alias left 2>&-)$(jobs)\" ] && [ \"$PWD\" = ~ ] && \
             ! history | grep LE[F]T=1 && [ ! -e /proc/$$/fd/9 ] && [ -z \"$(trap -p EXIT)\" ] && \
             [ \"$(umask)\" != 0077 ] && echo clean-$((1+1))",
        );
        home.wait_screen(session, "clean-2");
        home.send(
            session,
            "export LEFT=1; left() { :; }; alias left=ls; umask 077; cd /; exec 9>/tmp/.synk-left",
        );
        home.send(session, "trap 'echo bye' EXIT; set -o vi; shopt -s nullglob; sleep 1000 & echo jobs-$(jobs | wc -l)");
        home.wait_screen(session, "jobs-1");
        let job = processes::children(pid);
        home.ok(&["kill", &session.to_string()]);
        assert!(!processes::runs(pid) && !job.iter().any(|pid| processes::runs(*pid)), "{round}");
        pooled.wait_full();
        for (_, shell) in pooled.idle() {
            assert_eq!(fs::read_link(format!("/proc/{shell}/cwd")).unwrap(), home.work());
            assert_ne!(shell, pid);
        }
    }
    fs::remove_file("/tmp/.synk-left").unwrap();
}
