// The window of Synk, driven through WebKit's own WebDriver. One driver for each window: a
// driver whose window was killed is of no further use.
//
// WEBKIT_DISABLE_DMABUF_RENDERER and WEBKIT_DISABLE_COMPOSITING_MODE must not be set: with
// either, a screenshot never comes back.

import { Capabilities, error, WebDriver } from 'selenium-webdriver';
import { Executor, HttpClient } from 'selenium-webdriver/http/index.js';
import { freePort } from '../../scripts/free_port.mjs';
import { desktopBinary } from '../../scripts/paths.mjs';
import { background } from './background.mjs';
import { waitFor, within } from './waiting.mjs';

/** No call takes longer than this; the slowest, a screenshot, takes under a second. */
const callLimit = 60_000;

/**
 * Some systems build WebKitGTK 4.1 without what a driver presses keys and moves the mouse with.
 * That is said here once, rather than by every test in its own way.
 */
async function requireInput(driver) {
  try {
    await driver.actions().move({ x: 1, y: 1, duration: 0 }).perform();
  } catch (cause) {
    if (!(cause instanceof error.UnsupportedOperationError)) throw cause;
    throw new Error(
      "this system's WebKitGTK 4.1 cannot be driven by WebDriver (built without input); " +
        'Debian 12 has one that can',
      { cause },
    );
  }
}

/**
 * Opens the window and connects to it. Answers `{ driver, close() }`, where `driver` is
 * selenium-webdriver's, with a time limit on every call.
 */
export async function openDriver({ environment, cwd, binary = desktopBinary, args = [] }) {
  const port = await freePort();
  // The window inherits the driver's environment. Tauri allows automation only when asked.
  const env = { ...environment, TAURI_WEBVIEW_AUTOMATION: 'true' };
  const server = background('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
    env,
    cwd,
  });
  const url = `http://127.0.0.1:${port}`;
  let driver;
  const close = async () => {
    // A window that was killed cannot be asked to close.
    await driver?.quit().catch(() => {});
    await server.stop();
  };
  try {
    await waitFor('WebKitWebDriver', async () => (await fetch(`${url}/status`)).ok);
    const capabilities = new Capabilities();
    capabilities.set('webkitgtk:browserOptions', { binary, args });
    driver = WebDriver.createSession(new Executor(new HttpClient(url)), capabilities);
    const execute = driver.execute.bind(driver);
    driver.execute = (command) => within(command.getName(), execute(command), callLimit);
    await within('opening the window', driver.getSession(), 2 * callLimit);
    await requireInput(driver);
    return { driver, close };
  } catch (cause) {
    await close();
    throw new Error(`${cause.message}\n${server.complaints()}`, { cause });
  }
}
