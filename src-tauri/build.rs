//! Tauri's build step: reads tauri.conf.json, the capabilities and the permissions.

fn main() {
    tauri_build::build();
}
