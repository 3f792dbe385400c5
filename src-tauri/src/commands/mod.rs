//! The one handler for everything that the page calls. Commands of the table go to the
//! client by name; the few that only a window can answer are in [`native`].

mod native;
mod notification;

use serde_json::Value;
use synk_client::Synk;
use synk_protocol::WireError;
use tauri::{
    Manager, Runtime,
    ipc::{Invoke, InvokeBody, InvokeError},
};

/// Answers a call. Which names the page may call at all is in `permissions/`.
pub(crate) fn handle<R: Runtime>(invoke: Invoke<R>) -> bool {
    let Invoke { message, resolver, .. } = invoke;
    let name = message.command().to_owned();
    let app = message.webview_ref().app_handle().clone();
    let args = match message.payload() {
        InvokeBody::Json(args) => args.clone(),
        InvokeBody::Raw(_) => {
            resolver.invoke_error(refusal(&WireError::invalid(format!("{name}: not JSON"))));
            return true;
        }
    };
    resolver.respond_async(async move {
        let answer = if native::NAMES.contains(&name.as_str()) {
            native::answer(&app, &name, args).await
        } else {
            let synk = app.state::<Synk>().inner().clone();
            synk.invoke(&name, args).await
        };
        answer.map_err(|error| refusal(&error))
    });
    true
}

/// An error as the page gets it: `{ code, message }`.
fn refusal(error: &WireError) -> InvokeError {
    InvokeError(serde_json::to_value(error).unwrap_or(Value::Null))
}

#[cfg(test)]
mod tests {
    use super::native;
    use std::{collections::BTreeSet, fs};
    use synk_protocol::{Request, ViewerRequest};

    /// The quoted words of the permission files that are command names.
    fn permitted() -> BTreeSet<String> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/permissions");
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let texts =
            files.filter(|path| path.is_file()).map(|path| fs::read_to_string(path).unwrap());
        texts
            .flat_map(|text| text.split('"').map(str::to_owned).collect::<Vec<_>>())
            .filter(|word| word.contains(':') && !word.contains(' '))
            .collect()
    }

    #[test]
    fn the_page_may_call_the_table_and_the_native_commands_and_nothing_else() {
        let known = [Request::NAMES, ViewerRequest::NAMES, native::NAMES].concat();
        assert_eq!(permitted(), known.into_iter().map(str::to_owned).collect());
    }
}
