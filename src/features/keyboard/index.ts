// Keys: how they are written and pressed, which action they are for, and the page that says so.
export { ANYWHERE, type Bindable, type Bindings, scopesOf } from './bindings';
export { KeyBindings } from './KeyBindings';
export { Keyboard, KeyboardContext, useKeysOf } from './keyboard';
export { isBrowserKey, isComposing, matches, readableKeys, type Scope, scopeOf } from './keys';
