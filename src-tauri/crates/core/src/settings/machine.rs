//! What this machine decides where nobody has.

use std::{sync::OnceLock, thread};
use synk_protocol::PoolSettings;
use toml_edit::Table;

/// What the machine decides where nobody has: spec section 22.4. The sizes that are set stay.
pub(super) fn decide(file: &Table, pool: &mut PoolSettings) {
    let is_set = |name| file.get("pool").and_then(|pool| pool.get(name)).is_some();
    let (initial, most) = pool_size(machine());
    match (is_set("initialSize"), is_set("maxSize")) {
        (false, false) => (pool.initial_size, pool.max_size) = (initial, most),
        (true, false) => pool.max_size = most.max(pool.initial_size),
        (false, true) => pool.initial_size = initial.min(pool.max_size),
        (true, true) => {}
    }
}

/// How many shells wait at least and at most, with so many gigabytes and cores. A machine that
/// is called a 16 GB one has a little less.
pub(super) fn pool_size((gigabytes, cores): (u64, usize)) -> (u32, u32) {
    match (gigabytes, cores) {
        (30.., 12..) => (4, 6),
        (15.., 8..) => (3, 4),
        _ => (2, 3),
    }
}

/// This machine's memory, in gigabytes, and its cores.
pub(super) fn machine() -> (u64, usize) {
    static MACHINE: OnceLock<(u64, usize)> = OnceLock::new();
    *MACHINE.get_or_init(|| {
        let memory = sysinfo::System::new().map_or(0, |mut system| {
            system.refresh_memory();
            system.total_memory()
        });
        (memory >> 30, thread::available_parallelism().map_or(1, Into::into))
    })
}
