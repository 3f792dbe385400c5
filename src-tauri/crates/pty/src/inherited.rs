//! Descriptors that came with the process and belong to nobody in it.

use std::{fs, os::fd::RawFd};

/// Closes every descriptor but the three standard streams. To be called at the very start
/// of a process, before it has opened anything: what is open then was left open by accident
/// by whoever started it, and a pipe among it would never end for its reader.
pub fn close_inherited() {
    let Ok(entries) = fs::read_dir("/dev/fd") else { return };
    // Collected first, so that the folder's own descriptor is closed before the rest.
    let open: Vec<RawFd> =
        entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    for descriptor in open.into_iter().filter(|descriptor| *descriptor > 2) {
        #[expect(
            unsafe_code,
            reason = "nothing in this process owns a descriptor yet, so nothing can be closed \
                      under its owner; one that is closed already, as the folder's, is an error \
                      that the system reports and that changes nothing"
        )]
        unsafe {
            rustix::io::close(descriptor);
        }
    }
}
